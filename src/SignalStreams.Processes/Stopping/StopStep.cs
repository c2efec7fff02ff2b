namespace SignalStreams;

/// <summary>What a stop has just done, for <see cref="IProgress{T}"/>.</summary>
/// <param name="Number">Which step of the plan: 0 is the first.</param>
/// <param name="Step">The step.</param>
/// <param name="Attempt">How often the signal of this step has been sent now: 1, and more where it is repeated.</param>
/// <param name="Elapsed">The time since the stop began.</param>
/// <param name="Remaining">Who is still running.</param>
/// <param name="Failures">Who could not be sent the signal, and why.</param>
public sealed record StopStep(
    int Number, StopPlanStep Step, int Attempt, TimeSpan Elapsed, IReadOnlyList<ProcessIdentity> Remaining, IReadOnlyList<SendFailure> Failures);
