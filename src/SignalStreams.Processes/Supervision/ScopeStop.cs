namespace SignalStreams;

/// <summary>Stops what a scope holds by a plan. A second call for the same key escalates the first. The scope is disposed when it is
/// no longer needed.</summary>
internal delegate Task<StopOutcome> ScopeStop(
    IStopScope scope, StopPlan plan, IProgress<StopStep>? progress, TimeProvider time, CancellationToken cancellationToken);
