namespace SignalStreams;

/// <summary>Tells systemd how far the service is (sd_notify(3)), by the protocol itself: a datagram on the socket that NOTIFY_SOCKET names. Injectable.</summary>
/// <remarks>Where there is no such socket every call does nothing. All members are thread-safe, none throws for a socket that fails.</remarks>
public sealed class SystemdNotifier
{
    internal SystemdNotifier(string? socket) => IsEnabled = socket is not null;

    /// <summary>Whether systemd listens.</summary>
    public bool IsEnabled { get; }

    /// <summary>Sends assignments as they are, such as "STATUS=warming up": one datagram, lines separated by "\n".</summary>
    /// <param name="state">At least one assignment NAME=VALUE.</param>
    public void Notify(string state) => throw new NotSupportedException();
}
