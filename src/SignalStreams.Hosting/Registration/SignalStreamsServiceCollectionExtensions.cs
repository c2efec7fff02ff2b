using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalStreams;

// The namespace of the framework's own AddX methods: found without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <see cref="SignalStreamsHostExtensions"/> does, where only the services are at hand.</summary>
public static class SignalStreamsServiceCollectionExtensions
{
    /// <summary>Lets signals stop and reload the host, and makes <see cref="SignalHub"/>, <see cref="ShutdownManager"/> and <see cref="HostShutdown"/> injectable.</summary>
    /// <remarks>It may be called more than once: the last value of each option counts. It replaces the <see cref="IHostLifetime"/> that is registered.</remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">What is to be other than by default.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSignalStreams(this IServiceCollection services, Action<SignalStreamsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(static provider => provider.GetRequiredService<IOptions<SignalStreamsOptions>>().Value.Hub ?? Signals.Hub);
        services.TryAddSingleton(static provider => provider.GetRequiredService<SignalHub>().ShutdownManager);
        services.TryAddSingleton(static provider => new HostShutdown(provider.GetRequiredService<SignalHub>()));
        services.TryAddSingleton(static provider => provider.GetRequiredService<IOptions<SignalStreamsOptions>>().Value is { NotifySystemd: true } options
            ? SystemdEnvironment.Take(options.KeepSystemdEnvironment)
            : SystemdEnvironment.None);
        services.TryAddSingleton(static provider => new SystemdNotifier(
            provider.GetRequiredService<SystemdEnvironment>().Socket, provider.GetRequiredService<HostShutdown>().Time, provider.GetRequiredService<ILogger<SystemdNotifier>>()));
        services.TryAddSingleton<SystemdService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SystemdService>(static provider => provider.GetRequiredService<SystemdService>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReloadObserver, SystemdService>(static provider => provider.GetRequiredService<SystemdService>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StopBudgetCheck>());
        services.TryAddSingleton<SignalHostLifetime>();
        services.RemoveAll<IHostLifetime>();
        services.AddSingleton<IHostLifetime>(static provider => provider.GetRequiredService<SignalHostLifetime>());
        ReplaceApplicationLifetime(services);
        WrapHost(services);
        return services;
    }

    // The framework's own and no other: its host would not take ours in the place of another.
    private static void ReplaceApplicationLifetime(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } lifetime && lifetime.ServiceType == typeof(IHostApplicationLifetime))
            {
                if (lifetime.ImplementationType == typeof(ApplicationLifetime))
                {
                    services[i] = ServiceDescriptor.Singleton<IHostApplicationLifetime, SignalApplicationLifetime>();
                }

                return;
            }
        }
    }

    // The framework's own, made as it would have been made: it is the last one that counts.
    private static void WrapHost(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false, ImplementationFactory: { } make } host && host.ServiceType == typeof(IHost))
            {
                if (make.Target is not HostFactory)
                {
                    services[i] = ServiceDescriptor.Singleton(typeof(IHost), new HostFactory(make).Make);
                }

                return;
            }
        }
    }

    private sealed class HostFactory(Func<IServiceProvider, object> make)
    {
        public SignalHost Make(IServiceProvider provider)
        {
            if (provider.GetService<IHostApplicationLifetime>() is SignalApplicationLifetime application)
            {
                application.Shutdown = provider.GetRequiredService<HostShutdown>();
            }

            return new SignalHost((IHost)make(provider), provider.GetRequiredService<SignalHostLifetime>());
        }
    }
}
