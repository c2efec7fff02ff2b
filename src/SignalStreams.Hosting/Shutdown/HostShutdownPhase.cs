namespace SignalStreams;

/// <summary>How far the stop of a host is.</summary>
public enum HostShutdownPhase
{
    /// <summary>Nobody has asked.</summary>
    Running = 0,

    /// <summary>The host is unready and goes on serving: the drain delay, and whatever else drains.</summary>
    Draining,

    /// <summary>Services are being stopped, requests in flight finished.</summary>
    Stopping,

    /// <summary>All services have stopped, or were given up.</summary>
    Stopped,
}
