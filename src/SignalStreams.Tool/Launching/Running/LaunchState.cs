namespace SignalStreams.Tool;

/// <summary>What a task of a launch is doing.</summary>
internal enum LaunchState
{
    /// <summary>It waits for tasks that it depends on.</summary>
    Waiting,

    /// <summary>It waits for its start delay to pass.</summary>
    Delayed,

    /// <summary>It runs, and is not ready yet.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended, and is started again after a pause.</summary>
    Restarting,

    /// <summary>It is to end.</summary>
    Stopping,

    /// <summary>It has ended, with code 0 or because it was asked to.</summary>
    Ended,

    /// <summary>It has ended otherwise, or could not be started.</summary>
    Failed,

    /// <summary>It was never started.</summary>
    NotStarted,
}
