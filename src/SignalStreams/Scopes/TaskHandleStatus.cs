namespace SignalStreams;

/// <summary>How far a child of a task group is.</summary>
public enum TaskHandleStatus
{
    /// <summary>It waits for its turn (<see cref="TaskGroupOptions.MaxConcurrency"/>).</summary>
    Pending,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It was cancelled, and ended for it.</summary>
    Cancelled,
}
