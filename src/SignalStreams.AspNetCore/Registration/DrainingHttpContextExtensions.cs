using Microsoft.Extensions.DependencyInjection;
using SignalStreams;

// The namespace of HttpContext: found without a using.
namespace Microsoft.AspNetCore.Http;

/// <summary>What a request can know of the stop of its host.</summary>
public static class DrainingHttpContextExtensions
{
    /// <summary>A token that is cancelled when the host is asked to stop, so that a long request (a WebSocket, server-sent events, a long poll) can say goodbye in time.</summary>
    /// <remarks>The same as <see cref="HostShutdown.DrainingToken"/> of the host that serves the request. <see cref="HttpContext.RequestAborted"/> is cancelled only when the client has
    /// gone, or the shutdown timeout has passed.</remarks>
    /// <param name="context">The request.</param>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidOperationException">The host has neither <c>UseSignalStreams</c> nor <c>AddRequestDraining</c>.</exception>
    public static CancellationToken GetDrainingToken(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IDrainingFeature>()?.DrainingToken
            ?? context.RequestServices.GetService<HostShutdown>()?.DrainingToken
            ?? throw new InvalidOperationException("This host does not know when it drains: call builder.UseSignalStreams(), or builder.Services.AddRequestDraining(), before the application is built.");
    }
}
