namespace SignalStreams;

/// <summary>What a <see cref="SupervisedProcess"/> is doing.</summary>
public enum SupervisedProcessState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended, and is started again after a pause.</summary>
    Waiting,

    /// <summary>It has been asked to end.</summary>
    Stopping,

    /// <summary>It has ended for good.</summary>
    Ended,
}
