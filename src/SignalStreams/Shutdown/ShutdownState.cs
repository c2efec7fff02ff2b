namespace SignalStreams;

/// <summary>How far the end of the process is. It goes one way.</summary>
public enum ShutdownState
{
    /// <summary>Nobody has asked the process to end.</summary>
    Running = 0,

    /// <summary>It was asked to end, and protected blocks still hold it.</summary>
    Requested,

    /// <summary><see cref="ShutdownManager.StoppingToken"/> is cancelled; the main function has its roll-back time.</summary>
    Stopping,

    /// <summary>Exit handlers run.</summary>
    CleaningUp,

    /// <summary>All that the manager had to do is done: the process ends.</summary>
    Ended,
}
