namespace SignalStreams;

/// <summary>Something that has happened to a <see cref="SupervisedProcess"/>.</summary>
/// <param name="State">What it is doing since.</param>
/// <param name="Process">The process that it happened to.</param>
/// <param name="ExitStatus">How that ended; null while it runs.</param>
/// <param name="RestartIn">When it is started again; null when it is not, or runs.</param>
/// <param name="Error">Why it could not be started again; null otherwise.</param>
public sealed record SupervisedProcessEvent(
    SupervisedProcessState State, ProcessIdentity Process, ProcessExitStatus? ExitStatus = null, TimeSpan? RestartIn = null, Exception? Error = null);
