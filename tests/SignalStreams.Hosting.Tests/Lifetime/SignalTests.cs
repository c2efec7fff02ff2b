using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests.Lifetime;

public sealed class SignalTests
{
    private static readonly SignalOrigin Systemd = new() { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 };

    [Fact]
    public async Task First_signal_stops_the_host_and_its_sender_is_logged()
    {
        await using var test = new TestHost();
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM, Systemd);
        await running.WithLimit();
        Assert.Contains("Information Microsoft.Hosting.Lifetime: SIGTERM from pid 1, uid 0: stopping", test.Log.Lines);
        Assert.Equal(HostShutdownPhase.Stopped, test.Shutdown.Phase);
        Assert.Equal(SIGTERM, Assert.IsType<SignalCancelReason>(test.Shutdown.Reason).Signal);
        Assert.True(test.Shutdown.DrainingToken.IsCancellationRequested);
        Assert.False(test.Shutdown.TerminatingToken.IsCancellationRequested);
        Assert.Null(test.Hub.Ended);
        Assert.Empty(test.Hub.Listeners);
    }

    [Fact]
    public async Task Every_signal_that_asks_for_the_end_stops_the_host()
    {
        // SIGHUP asks for a reload where there is one.
        foreach (var signal in ShutdownSignals.Terminating.Where(signal => signal != SIGHUP || OperatingSystem.IsWindows()))
        {
            await using var test = new TestHost();
            var running = await test.RunAsync();
            test.Hub.Raise(signal);
            await running.WithLimit();
            Assert.Contains($"Information Microsoft.Hosting.Lifetime: {signal.GetName()} from test: stopping", test.Log.Lines);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Log_that_cannot_be_written_keeps_no_signal_from_the_host(int signals)
    {
        var worker = new Worker { OnStop = token => signals == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token) };
        using var broken = new BrokenLog();
        await using var test = new TestHost(
            options => options.Timeline = TimelineOutput.Always,
            builder =>
            {
                builder.Logging.AddProvider(broken);
                builder.Services.AddHostedService(_ => worker);
            });
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        if (signals == 2)
        {
            await worker.Stopping.Task.WithLimit();
            test.Hub.Raise(SIGINT);
        }

        await running.WithLimit();
        Assert.Equal(HostShutdownPhase.Stopped, test.Shutdown.Phase);
    }

    [Fact]
    public async Task Console_lifetimes_lines_are_logged()
    {
        await using var test = new TestHost();
        var running = await test.RunAsync();
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
        const string Category = "Information Microsoft.Hosting.Lifetime: ";
        Assert.Contains($"{Category}Application started. Press Ctrl+C to shut down.", test.Log.Lines);
        Assert.Contains($"{Category}Hosting environment: Testing", test.Log.Lines);
        Assert.True(test.Log.Has($"{Category}Content root path: "));
        Assert.Contains($"{Category}Application is shutting down...", test.Log.Lines);
    }

    [Fact]
    public async Task Suppressed_status_messages_leave_only_the_sender()
    {
        await using var test = new TestHost(build: builder => builder.Services.Configure<Microsoft.Extensions.Hosting.ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
        Assert.Equal(["Information Microsoft.Hosting.Lifetime: SIGINT from test: stopping"], test.Log.Lines.Where(line => line.Contains("Hosting.Lifetime", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Drain_delay_keeps_the_host_serving_until_it_is_over()
    {
        var time = new ManualTime();
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromSeconds(5), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM, Systemd);
        await Patience.UntilAsync(() => test.Shutdown.DrainingToken.IsCancellationRequested, "the drain");
        await Patience.UntilAsync(() => test.Shutdown.Timeline.Entries.Any(entry => entry.Name == "drain delay"), "the drain delay");
        Assert.Contains("Information Microsoft.Hosting.Lifetime: SIGTERM from pid 1, uid 0: stopping; draining for 5 s", test.Log.Lines);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(HostShutdownPhase.Draining, test.Shutdown.Phase);
        Assert.False(test.Application.ApplicationStopping.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await running.WithLimit();
        Assert.Contains(test.Shutdown.Timeline.Entries, entry => entry is { Name: "drain delay", Outcome: TimelineOutcome.Done, Duration.TotalSeconds: 5 });
    }

    [Fact]
    public async Task Second_signal_ends_the_drain_delay()
    {
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromDays(1));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => test.Shutdown.Phase == HostShutdownPhase.Draining, "the drain");
        Assert.False(running.IsCompleted);
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
        Assert.True(test.Shutdown.TerminatingToken.IsCancellationRequested);
        Assert.Null(test.Hub.Ended);
    }

    [Fact]
    public async Task Second_signal_cuts_the_stop_of_a_service_short()
    {
        var worker = new Worker { OnStop = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => worker));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await worker.Stopping.Task.WithLimit();
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
        Assert.True(test.Log.Has("SIGINT from test: asked again"));
        Assert.Equal(HostShutdownPhase.Stopped, test.Shutdown.Phase);
    }

    [Fact]
    public async Task Third_signal_ends_the_process_by_it()
    {
        var time = new ManualTime();
        using var hung = new ManualResetEventSlim();
        var worker = new Worker
        {
            OnStop = _ =>
            {
                hung.Wait(Patience.Limit, CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => worker), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await worker.Stopping.Task.WithLimit();
        time.Advance(TimeSpan.FromMilliseconds(100));
        test.Hub.Raise(SIGTERM);
        Assert.Null(test.Hub.Ended);
        time.Advance(TimeSpan.FromMilliseconds(100));
        test.Hub.Raise(SIGTERM);
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.TooManyAttempts), test.Hub.Ended);
        hung.Set();
        await running.WithLimit();
    }

    [Fact]
    public async Task Same_signal_within_a_moment_counts_once()
    {
        var time = new ManualTime();
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromDays(1), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGINT);
        test.Hub.Raise(SIGINT);
        await Patience.UntilAsync(() => time.Timers == 1, "the drain delay");
        await Patience.UntilAsync(() => test.Hub.Hub.Router.Snapshot().All(one => !one.Listener.NeedsWakeUp), "both to be heard");
        Assert.False(test.Shutdown.TerminatingToken.IsCancellationRequested);
        Assert.Equal(1, test.Hub.Hub.Attempts);
        time.Advance(TimeSpan.FromDays(1));
        await running.WithLimit();
        Assert.False(test.Log.Has("asked again"));
    }
}
