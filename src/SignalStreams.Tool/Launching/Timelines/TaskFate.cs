namespace SignalStreams.Tool;

/// <summary>What became of a task during a stop.</summary>
internal enum TaskFate
{
    /// <summary>It had not been started, and was not.</summary>
    NotStarted,

    /// <summary>It ended, asked or not.</summary>
    Ended,

    /// <summary>It had to be killed.</summary>
    Killed,

    /// <summary>Not even that helped.</summary>
    StillAlive,
}
