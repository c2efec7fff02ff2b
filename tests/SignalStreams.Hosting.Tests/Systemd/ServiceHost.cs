using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests;

/// <summary>A host on a clock of its own, whose stop a test brings about by hand.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly TestSignalHub _signals;
    private readonly IHost _host;

    public ServiceHost(SystemdEnvironment environment, Action<IServiceCollection>? configure = null, Action<SignalStreamsOptions>? options = null)
    {
        _signals = new TestSignalHub(Time);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log);
        builder.Services.AddSingleton(environment);
        builder.Services.AddSignalStreams(o =>
        {
            o.Hub = _signals.Hub;
            options?.Invoke(o);
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        configure?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public ManualTime Time { get; } = new();

    public LogLines Log { get; } = new();

    public IServiceProvider Services => _host.Services;

    public HostShutdown Shutdown => Services.GetRequiredService<HostShutdown>();

    public SystemdNotifier Notifier => Services.GetRequiredService<SystemdNotifier>();

    public IReloadObserver Reload => Services.GetRequiredService<IReloadObserver>();

    public IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    public static async Task<ServiceHost> StartAsync(SystemdEnvironment environment, Action<IServiceCollection>? configure = null, Action<SignalStreamsOptions>? options = null)
    {
        var host = new ServiceHost(environment, configure, options);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>What the lifetime does at a signal, without the wait.</summary>
    public void Drain() => Shutdown.Begin(new TextCancelReason("a test"), Shutdown.Time.GetTimestamp());

    public async ValueTask DisposeAsync()
    {
        // Only twice the same where a test has done so.
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        _signals.Dispose();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
