using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>Unhealthy from the moment that somebody asks the host to stop.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The container makes it.")]
internal sealed class ReadinessHealthCheck(HostShutdown shutdown, IHostApplicationLifetime application) : IHealthCheck
{
    /// <summary>What it is registered as.</summary>
    public const string Name = "shutdown";

    /// <summary>What checks are marked with that say whether the host should get work, and not whether it lives.</summary>
    public const string Tag = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var phase = shutdown.Phase;
        if (phase == HostShutdownPhase.Running && application.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped by the program, and callbacks of its own keep us from hearing of it: they are called first.
            phase = HostShutdownPhase.Stopping;
        }

        if (phase == HostShutdownPhase.Running)
        {
            return Task.FromResult(HealthCheckResult.Healthy("ready"));
        }

        var reason = (shutdown.Reason ?? SignalHostLifetime.ByProgram).ToString();
        var description = phase == HostShutdownPhase.Draining ? $"draining because of {reason}" : $"stopping because of {reason}";
        return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, description, data: new Dictionary<string, object>
        {
            ["phase"] = phase.ToString(),
            ["reason"] = reason,
        }));
    }
}
