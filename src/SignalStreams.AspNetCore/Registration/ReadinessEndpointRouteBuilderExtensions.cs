using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SignalStreams;

// The namespace of the framework's own MapX methods: found without a using.
namespace Microsoft.AspNetCore.Builder;

/// <summary>The readiness endpoint.</summary>
public static class ReadinessEndpointRouteBuilderExtensions
{
    /// <summary>Maps an endpoint that runs the health checks with the tag "ready": 200 and "ready" while the host takes requests, 503 and "draining" from the signal on, 503 and
    /// "unready" when another of these checks is unhealthy.</summary>
    /// <remarks>Plain text, not cached, and nothing about the reasons, which are for the log. For liveness map the other checks:
    /// <c>app.MapHealthChecks("/healthz", new() { Predicate = check => !check.Tags.Contains("ready") })</c>.</remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, such as "/readyz".</param>
    /// <returns>The endpoint, for <c>RequireHost</c> and the like.</returns>
    /// <exception cref="InvalidOperationException">The check of the shutdown is not registered.</exception>
    public static IEndpointConventionBuilder MapReadiness(this IEndpointRouteBuilder endpoints, string pattern = "/readyz")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var checks = endpoints.ServiceProvider.GetService<IOptions<HealthCheckServiceOptions>>()?.Value.Registrations ?? [];
        if (!checks.Any(static check => check.Name == ReadinessHealthCheck.Name))
        {
            throw new InvalidOperationException(
                "The readiness endpoint would not know of a shutdown: call builder.Services.AddRequestDraining(), or AddHealthChecks().AddShutdownReadiness(), before the application is built.");
        }

        return endpoints.MapHealthChecks(pattern, new HealthCheckOptions
        {
            Predicate = static check => check.Tags.Contains(ReadinessHealthCheck.Tag),
            ResponseWriter = static (context, report) =>
            {
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync(report.Status != HealthStatus.Unhealthy ? "ready" : report.Entries.TryGetValue(ReadinessHealthCheck.Name, out var own) && own.Status == HealthStatus.Unhealthy ? "draining" : "unready", context.RequestAborted);
            },
        });
    }
}
