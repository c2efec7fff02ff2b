using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SignalStreams;

// The namespace of the framework's own AddX methods: found without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The health check of the shutdown.</summary>
public static class ShutdownReadinessHealthChecksBuilderExtensions
{
    /// <summary>Adds a health check "shutdown", with the tag "ready", that is unhealthy from the moment that the host is asked to stop, before anything is stopped.</summary>
    /// <remarks>It may be called more than once. Its data are "phase" (<see cref="HostShutdownPhase"/>) and "reason". It needs <c>UseSignalStreams</c>. Map it as readiness, and never as
    /// liveness: a platform kills what is not alive.</remarks>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> gives.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddShutdownReadiness(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<HealthCheckServiceOptions>(static options =>
        {
            foreach (var check in options.Registrations)
            {
                if (check.Name == ReadinessHealthCheck.Name)
                {
                    return;
                }
            }

            options.Registrations.Add(new HealthCheckRegistration(
                ReadinessHealthCheck.Name, static provider => new ReadinessHealthCheck(provider.GetRequiredService<HostShutdown>(), provider.GetRequiredService<IHostApplicationLifetime>()),
                HealthStatus.Unhealthy, [ReadinessHealthCheck.Tag]));
        });
        return builder;
    }
}
