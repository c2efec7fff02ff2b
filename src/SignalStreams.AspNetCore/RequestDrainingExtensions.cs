using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SignalStreams;

/// <summary>Request draining and the readiness endpoint.</summary>
public static class RequestDrainingExtensions
{
    /// <summary>Counts requests, lets those in flight finish when the host stops, and tells clients to come back elsewhere. Safe to call twice.</summary>
    /// <remarks>Calls <see cref="SignalStreamsServiceCollectionExtensions.AddSignalStreams"/> too.</remarks>
    public static IServiceCollection AddRequestDraining(this IServiceCollection services, Action<RequestDrainingOptions>? configure = null) =>
        throw new NotSupportedException();

    /// <summary>Maps an endpoint that answers 200 "ready" while the host takes requests, and 503 "draining" from the signal on.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, such as "/readyz".</param>
    public static IEndpointConventionBuilder MapReadiness(this IEndpointRouteBuilder endpoints, string pattern = "/readyz") => throw new NotSupportedException();
}
