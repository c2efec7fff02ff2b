namespace SignalStreams;

/// <summary>How a stop came out.</summary>
public enum StopResult
{
    /// <summary>It had ended before anything was sent, or there never was such a process.</summary>
    AlreadyGone,

    /// <summary>All ended after a signal that they could answer; <see cref="StopOutcome.LastSignal"/> says which.</summary>
    Graceful,

    /// <summary>SIGKILL was needed for at least one.</summary>
    Killed,

    /// <summary>The plan is over and somebody is still running; <see cref="StopOutcome.Remaining"/> says who.</summary>
    StillAlive,
}
