namespace SignalStreams;

/// <summary>One step of a <see cref="StopPlan"/>.</summary>
/// <param name="Signal">What is sent.</param>
/// <param name="Patience">How long the end is waited for before the next step.</param>
/// <param name="RepeatEvery">How often it is sent again within that time; null when it is sent once.</param>
public sealed record StopPlanStep(ShutdownSignal Signal, TimeSpan Patience, TimeSpan? RepeatEvery);
