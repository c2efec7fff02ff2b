using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SignalStreams;

// The namespace of the framework's own AddX methods: found without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Request draining.</summary>
public static class RequestDrainingServiceCollectionExtensions
{
    /// <summary>Counts the requests in flight, says in answers given while the host drains that the client should come back elsewhere, and names requests that outlast the shutdown timeout.</summary>
    /// <remarks>
    /// <para>It may be called more than once: the last value of each option counts. It calls
    /// <see cref="SignalStreamsServiceCollectionExtensions.AddSignalStreams(IServiceCollection, Action{SignalStreamsOptions}?)"/>, and adds the health check of
    /// <see cref="ShutdownReadinessHealthChecksBuilderExtensions.AddShutdownReadiness"/>.</para>
    /// <para>That the server goes on serving for a while is <see cref="SignalStreamsOptions.DrainDelay"/>; how long it lets requests in flight finish after that,
    /// <c>HostOptions.ShutdownTimeout</c>.</para>
    /// </remarks>
    /// <param name="services">The services of the web application.</param>
    /// <param name="configure">What is to be other than by default.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRequestDraining(this IServiceCollection services, Action<RequestDrainingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSignalStreams();
        services.AddHealthChecks().AddShutdownReadiness();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        foreach (var service in services)
        {
            if (service.ServiceType == typeof(RequestDrain))
            {
                return services;
            }
        }

        services.AddSingleton<RequestDrain>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDrainStatus, RequestDrain>(static provider => provider.GetRequiredService<RequestDrain>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RequestDrain>(static provider => provider.GetRequiredService<RequestDrain>()));

        // Before the filters of others: the first one is the outermost.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, RequestDrainingStartupFilter>());
        return services;
    }
}
