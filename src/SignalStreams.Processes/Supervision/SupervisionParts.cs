namespace SignalStreams;

/// <summary>What a supervision stands on, so that a test can put its own in its stead.</summary>
/// <param name="Platform">Starts children.</param>
/// <param name="Stop">Stops them.</param>
/// <param name="Random">From 0 to 1, for the jitter of restarts.</param>
internal sealed record SupervisionParts(IProcessPlatform Platform, ScopeStop Stop, Func<double> Random)
{
    // Jitter is no secret.
#pragma warning disable CA5394
    /// <summary>The real ones.</summary>
    public static SupervisionParts Real { get; } = new(ProcessPlatform.Current, GracefulStop.StopAsync, System.Random.Shared.NextDouble);
#pragma warning restore CA5394
}
