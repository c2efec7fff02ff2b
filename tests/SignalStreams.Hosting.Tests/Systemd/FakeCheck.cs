using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalStreams.Hosting.Tests;

/// <summary>Answers what a test wants it to, or not at all.</summary>
internal sealed class FakeCheck : IHealthCheck
{
    public Func<Task<HealthCheckResult>> Answer { get; set; } = () => Task.FromResult(HealthCheckResult.Healthy());

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Answer();
}
