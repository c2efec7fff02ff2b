using System.Globalization;

namespace SignalStreams;

/// <summary>Who sent a signal, as far as the source can tell.</summary>
/// <remarks>The default value is an unknown origin. Facts as in sigaction(2), "siginfo_t".</remarks>
public readonly record struct SignalOrigin
{
    /// <summary>How the signal came into being.</summary>
    public SignalOriginKind Kind { get; init; }

    /// <summary>The process that sent it; null where that is not known.</summary>
    /// <value>0 stands for a sender outside this process's pid namespace: for a container, the host.</value>
    public int? ProcessId { get; init; }

    /// <summary>The real user id of the sender; null where that is not known.</summary>
    public uint? UserId { get; init; }

    /// <summary>The value that sigqueue(3) sent along; null where there is none.</summary>
    public int? Value { get; init; }

    /// <summary>A line for a log: "pid 1, uid 0", "terminal", "unknown sender".</summary>
    public override string ToString()
    {
        var text = Kind switch
        {
            SignalOriginKind.Process or SignalOriginKind.Queue when ProcessId is not null => "",
            SignalOriginKind.Process or SignalOriginKind.Queue => "another process",
            SignalOriginKind.Kernel => "kernel",
            SignalOriginKind.Terminal => "terminal",
            SignalOriginKind.Timer => "timer",
            SignalOriginKind.Self => "this process",
            SignalOriginKind.Console => "console",
            SignalOriginKind.Window => "window message",
            SignalOriginKind.Test => "test",
            _ => ProcessId is null ? "unknown sender" : "",
        };

        return string.Join(", ", Parts(text));
    }

    private IEnumerable<string> Parts(string text)
    {
        if (text.Length > 0)
        {
            yield return text;
        }

        if (ProcessId is { } pid)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"pid {pid}");
        }

        if (UserId is { } uid)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"uid {uid}");
        }

        if (Value is { } value)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"value {value}");
        }
    }
}
