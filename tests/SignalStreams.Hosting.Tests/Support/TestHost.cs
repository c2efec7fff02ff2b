using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests;

/// <summary>A real host in this process, on a hub of the test's own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly TestSignalHub? _own;

    public TestHost(Action<SignalStreamsOptions>? configure = null, Action<HostApplicationBuilder>? build = null, TestSignalHub? hub = null, TimeProvider? time = null)
    {
        _own = hub is null ? new TestSignalHub(time) : null;
        Hub = hub ?? _own!;

        // Without the files and the variables of this machine.
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "test", EnvironmentName = "Testing" });
        builder.Logging.AddProvider(Log);
        builder.UseSignalStreams(options =>
        {
            options.Hub = Hub.Hub;
            options.CheckBudget = false;
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        Host = builder.Build();

        // Asked for while the host is not disposed of: that takes its services along.
        Shutdown = Host.Services.GetRequiredService<HostShutdown>();
        Application = Host.Services.GetRequiredService<IHostApplicationLifetime>();
    }

    public TestSignalHub Hub { get; }

    public IHost Host { get; }

    public LogRecorder Log { get; } = new();

    public HostShutdown Shutdown { get; }

    public IHostApplicationLifetime Application { get; }

    /// <summary>Runs the host as a main function does, and returns when it has started.</summary>
    /// <returns>The main function.</returns>
    public async Task<Task> RunAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Application.ApplicationStarted.Register(started.SetResult);
        var running = Host.RunAsync();
        await Task.WhenAny(started.Task, running).WithLimit();
        if (running.IsFaulted)
        {
            await running;
        }

        return running;
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        _own?.Dispose();
    }
}
