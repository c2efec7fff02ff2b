namespace SignalStreams;

/// <summary>What becomes of a terminating signal that nobody has read when the last receiver for it closes.</summary>
public enum UnreadSignals
{
    /// <summary>It is raised again, once, to whatever the system does with it by default: usually it ends the process.</summary>
    Redeliver = 0,

    /// <summary>It is forgotten.</summary>
    Drop,
}
