namespace SignalStreams;

/// <summary>How something ended during a shutdown.</summary>
public enum TimelineOutcome
{
    /// <summary>It has not ended.</summary>
    Running = 0,

    /// <summary>It ended by itself.</summary>
    Done,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It was cancelled, and ended for it.</summary>
    Cancelled,

    /// <summary>Its limit passed, and it was given up.</summary>
    GivenUp,

    /// <summary>It was not begun: a limit had passed before.</summary>
    Skipped,
}
