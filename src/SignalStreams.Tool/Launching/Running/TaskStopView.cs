namespace SignalStreams.Tool;

/// <summary>How far the stop of a task is.</summary>
/// <param name="Signal">What it was sent last.</param>
/// <param name="Attempt">How often that was sent.</param>
/// <param name="NextSignal">What comes next; null when nothing does.</param>
/// <param name="NextIn">When that comes; null when never.</param>
/// <param name="Remaining">Who was still running when it was sent.</param>
internal sealed record TaskStopView(ShutdownSignal Signal, int Attempt, ShutdownSignal? NextSignal, TimeSpan? NextIn, IReadOnlyList<ProcessIdentity> Remaining);
