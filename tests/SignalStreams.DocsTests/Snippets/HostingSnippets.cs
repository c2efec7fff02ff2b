using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class HostingSnippets : SnippetTests
{
    private readonly TestSignalHub _test = TestSignals.Install();

    [Fact]
    public async Task Host_in_one_line()
    {
        #region Host_in_one_line
        var builder = Host.CreateApplicationBuilder();
        builder.UseSignalStreams(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        #endregion
        builder.UseSignalStreams(options => options.DrainDelay = TimeSpan.FromMilliseconds(5));
        await StopAsync(builder, SIGTERM);
    }

    [Fact]
    public async Task Draining_is_seen_by_a_service()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseSignalStreams().Services.AddHostedService<Announcer>();
        await StopAsync(builder, SIGTERM);
    }

    [Fact]
    public async Task Exit_status_is_chosen()
    {
        var builder = Host.CreateApplicationBuilder();
        #region Exit_status_is_chosen
        builder.UseSignalStreams(options => options.ExitStatus = ExitStatusPolicy.BySignal);
        #endregion
        await StopAsync(builder, SIGTERM);
        Assert.Equal(143, _test.ReturnFromMain().ExitCode);
    }

    [Fact]
    public async Task Reload_is_validated()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["Limits:Most"] = "100";
        #region Reload_is_validated
        builder.UseSignalStreams(options => options
            .ValidateReload<Limits>("Limits")
            .ValidateReload((services, candidate) => candidate["Endpoint"] is null ? ["Endpoint is missing"] : []));
        builder.Services.AddOptions<Limits>().BindConfiguration("Limits").Validate(limits => limits.Most < 100, "Most must be less than 100");
        #endregion
        var candidate = new TaskCompletionSource<string?>();
        builder.UseSignalStreams(options => options.ValidateReload((_, values) =>
        {
            candidate.TrySetResult(values["Limits:Most"]);
            return [];
        }));
        using var host = builder.Build();
        await host.StartAsync(TestToken);
        _test.Raise(SIGHUP);
        Assert.Equal("100", await candidate.Task.WithLimit());
        await host.StopAsync(TestToken);
    }

    [Fact]
    public async Task Action_at_a_signal()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<Cache>();
        #region Action_at_a_signal
        builder.UseSignalStreams(options => options.On(SIGUSR1, async (services, token) =>
        {
            var cache = services.GetRequiredService<Cache>();
            await cache.ClearAsync(token);
        }));
        #endregion
        using var host = builder.Build();
        var cache = host.Services.GetRequiredService<Cache>();
        await host.StartAsync(TestToken);
        _test.Raise(SIGUSR1);
        await cache.Cleared.Task.WithLimit();
        await host.StopAsync(TestToken);
    }

    [Fact]
    public async Task Host_under_test()
    {
        #region Host_under_test
        using var test = new TestSignalHub();
        var builder = Host.CreateApplicationBuilder();
        builder.UseSignalStreams(options => options.Hub = test.Hub);
        using var host = builder.Build();

        var running = host.RunAsync();
        await test.WaitForListenerAsync(SIGTERM);
        test.Raise(SIGTERM);
        await running;
        #endregion
    }

    private async Task StopAsync(HostApplicationBuilder builder, ShutdownSignal signal)
    {
        using var host = builder.Build();
        var running = host.RunAsync(TestToken);
        await _test.WaitForListenerAsync(signal, cancellationToken: TestToken);
        _test.Raise(signal);
        await running.WithLimit();
    }

#pragma warning disable CA1812 // The container makes them.
    private sealed class Limits
    {
        public int Most { get; set; }
    }

    private sealed class Cache
    {
        public TaskCompletionSource Cleared { get; } = new();

        public Task ClearAsync(CancellationToken token)
        {
            Cleared.TrySetResult();
            return Task.Delay(0, token);
        }
    }
#pragma warning restore CA1812
}

#pragma warning disable CA1812, CA1303 // The container makes it. Outside the class, whose Console is a stand-in.
#region Draining_is_seen_by_a_service
public sealed class Announcer(HostShutdown shutdown) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Timeout.Infinite, shutdown.DrainingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.WriteLine($"leaving the cluster because of {shutdown.Reason}");
    }
}
#endregion
#pragma warning restore CA1812, CA1303
