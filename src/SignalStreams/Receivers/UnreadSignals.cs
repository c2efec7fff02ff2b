namespace SignalStreams;

/// <summary>What becomes of a terminating signal that a receiver has not read when it closes, and that no listener who stays was given.</summary>
public enum UnreadSignals
{
    /// <summary>It is raised again, once, to whatever the system does with it by default: usually it ends the process.</summary>
    Redeliver = 0,

    /// <summary>It is forgotten.</summary>
    Drop,
}
