namespace SignalStreams;

/// <summary>A phase of the clean-up that has begun.</summary>
/// <param name="Phase">Which.</param>
/// <param name="End">By when its handlers have to have ended.</param>
internal sealed record ExitPhaseRun(ExitPhase Phase, Deadline End);
