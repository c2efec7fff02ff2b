namespace SignalStreams;

/// <summary>When the timeline of a shutdown is handed out.</summary>
public enum TimelineOutput
{
    /// <summary>When a limit was passed, or the end was forced.</summary>
    WhenLimitPassed = 0,

    /// <summary>At every end that somebody asked for.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
