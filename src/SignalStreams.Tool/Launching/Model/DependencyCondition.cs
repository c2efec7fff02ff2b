namespace SignalStreams.Tool;

/// <summary>How far a task has to have come before those that depend on it may start.</summary>
internal enum DependencyCondition
{
    /// <summary>It runs.</summary>
    Started,

    /// <summary>It is ready; a task that does not say when it is ready is so when it runs.</summary>
    Ready,

    /// <summary>It has ended, with code 0.</summary>
    Completed,
}
