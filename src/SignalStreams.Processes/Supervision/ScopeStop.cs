namespace SignalStreams;

/// <summary>Stops what a scope holds by a plan. A second call for the same scope escalates the first.</summary>
internal delegate Task<StopOutcome> ScopeStop(
    IStopScope scope, StopPlan plan, IProgress<StopStep>? progress, TimeProvider time, CancellationToken cancellationToken);
