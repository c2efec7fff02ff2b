using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SignalStreams;

// The namespace of the framework's own AddX methods: found without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Limits for the stop of single services.</summary>
public static class StopLimitServiceCollectionExtensions
{
    /// <summary>Limits the time that the stop of one hosted service may take. When it is over, the token of its <c>StopAsync</c> is cancelled; a second later the host goes on to
    /// the other services, the log says so, and the <see cref="HostShutdown.Timeline"/> names the service.</summary>
    /// <remarks>
    /// The service is wrapped where it is registered as <see cref="IHostedService"/>: register it first. Called again, the last limit counts. It works without
    /// <c>UseSignalStreams</c> too. A container other than the framework's has to know keyed services. Of a <see cref="GracefulBackgroundService"/> override
    /// <see cref="GracefulBackgroundService.GracePeriod"/> instead.
    /// </remarks>
    /// <typeparam name="TService">The class of the service.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="limit">More than zero, or <see cref="Timeout.InfiniteTimeSpan"/> for none but <c>HostOptions.ShutdownTimeout</c>: then the timeline has the service all the same.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is zero or less, and not infinite.</exception>
    /// <exception cref="InvalidOperationException">No hosted service of this class is registered yet.</exception>
    public static IServiceCollection LimitStop<TService>(this IServiceCollection services, TimeSpan limit)
        where TService : class, IHostedService
    {
        ArgumentNullException.ThrowIfNull(services);
        if (limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        }

        var isFound = false;
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is not { IsKeyedService: false } service || service.ServiceType != typeof(IHostedService))
            {
                continue;
            }

            if (service.ImplementationFactory?.Target is Limit known && known.Service == typeof(TService))
            {
                known.Time = limit;
                isFound = true;
            }
            else if (ClassOf(service) == typeof(TService))
            {
                // The container goes on making, and disposing of, the service itself.
                var made = new Limit(typeof(TService)) { Time = limit };
                services.Add(Keyed(service, made));
                services[i] = ServiceDescriptor.Describe(typeof(IHostedService), made.Make, service.Lifetime);
                isFound = true;
            }
        }

        return isFound ? services : throw new InvalidOperationException(
            $"There is no hosted service {typeof(TService).Name} whose stop could be limited. Call AddHostedService<{typeof(TService).Name}>() first, and then LimitStop. Registered so far: {Registered(services)}.");
    }

    private static ServiceDescriptor Keyed(ServiceDescriptor service, Limit key)
    {
        if (service.ImplementationInstance is { } instance)
        {
            return new ServiceDescriptor(typeof(IHostedService), key, instance);
        }

        return service.ImplementationFactory is { } make
            ? new ServiceDescriptor(typeof(IHostedService), key, (provider, _) => make(provider), service.Lifetime)
            : new ServiceDescriptor(typeof(IHostedService), key, service.ImplementationType!, service.Lifetime);
    }

    // A factory's class is that which it is declared to return.
    private static Type? ClassOf(ServiceDescriptor service) =>
        service.ImplementationType ?? service.ImplementationInstance?.GetType() ?? service.ImplementationFactory?.GetType().GenericTypeArguments[1];

    private static string Registered(IServiceCollection services)
    {
        var names = services.Where(service => !service.IsKeyedService && service.ServiceType == typeof(IHostedService))
            .Select(service => service.ImplementationFactory?.Target is Limit limit ? limit.Service : ClassOf(service)!)
            .Where(service => service.Assembly != typeof(LimitedService).Assembly)
            .Select(service => service.Name);
        return string.Join(", ", names.DefaultIfEmpty("none"));
    }

    /// <summary>A limit, and the key under which its service is registered.</summary>
    private sealed class Limit(Type service)
    {
        public Type Service => service;

        public TimeSpan Time { get; set; }

        public LimitedService Make(IServiceProvider provider) => new(
            provider.GetRequiredKeyedService<IHostedService>(this),
            Time,
            provider.GetService<HostShutdown>(),
            provider.GetService<ILoggerFactory>()?.CreateLogger(LifetimeLog.OwnCategory));
    }
}
