using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests.Lifetime;

public sealed class HostTests
{
    [Fact]
    public async Task Host_that_fails_to_start_leaves_no_signal_claimed()
    {
        var worker = new Worker { OnStart = _ => throw new InvalidOperationException("no") };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => worker));
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Empty(test.Hub.Listeners);
        Assert.Empty(test.Hub.Hub.Router.Hosts.All);
    }

    [Fact]
    public async Task Host_that_is_disposed_of_leaves_no_signal_claimed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGUSR1.");
        using var hub = new TestSignalHub();
        await using (var test = new TestHost(options => options.On(SIGUSR1, (_, _) => Task.CompletedTask), hub: hub))
        {
            await test.Host.StartAsync(TestContext.Current.CancellationToken);
            Assert.True(hub.IsListening(SIGTERM));
            Assert.True(hub.IsListening(SIGHUP));
            Assert.True(hub.IsListening(SIGUSR1));
        }

        Assert.Empty(hub.Listeners);
        Assert.Empty(hub.Hub.Router.Hosts.All);
        Assert.Null(hub.Hub.PeekShutdownManager);
    }

    [Fact]
    public async Task Host_built_anew_hears_signals_as_the_first_one_did()
    {
        using var hub = new TestSignalHub();
        for (var round = 0; round < 3; round++)
        {
            await using var test = new TestHost(hub: hub);
            var running = await test.RunAsync();
            hub.Raise(SIGTERM);
            await running.WithLimit();
            Assert.Equal(SIGTERM, Assert.IsType<SignalCancelReason>(test.Shutdown.Reason).Signal);
        }

        Assert.Null(hub.Ended);
        Assert.Empty(hub.Listeners);
    }

    [Fact]
    public async Task Signal_stops_two_hosts_each_by_its_own_shutdown()
    {
        using var hub = new TestSignalHub();
        await using var first = new TestHost(hub: hub);
        await using var second = new TestHost(hub: hub);
        Assert.NotSame(first.Shutdown, second.Shutdown);
        var running = Task.WhenAll(await first.RunAsync(), await second.RunAsync());
        hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(HostShutdownPhase.Stopped, first.Shutdown.Phase);
        Assert.Equal(HostShutdownPhase.Stopped, second.Shutdown.Phase);
        Assert.Empty(hub.Listeners);
    }

    [Fact]
    public async Task Host_goes_on_listening_when_another_one_is_disposed_of()
    {
        using var hub = new TestSignalHub();
        await using var second = new TestHost(hub: hub);
        var running = await second.RunAsync();
        await using (var first = new TestHost(hub: hub))
        {
            await first.Host.StartAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(HostShutdownPhase.Running, second.Shutdown.Phase);
        hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Null(hub.Ended);
    }

    [Fact]
    public async Task Stop_from_inside_has_no_drain_delay()
    {
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromDays(1));
        var running = await test.RunAsync();
        test.Application.StopApplication();
        await running.WithLimit();
        Assert.Equal("the program itself", test.Shutdown.Reason?.ToString());
        Assert.True(test.Shutdown.DrainingToken.IsCancellationRequested);
        Assert.Equal(HostShutdownPhase.Stopped, test.Shutdown.Phase);
        Assert.Empty(test.Hub.Listeners);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_from_inside_is_known_before_callbacks_of_the_program_are_called(bool byStopApplication)
    {
        await using var test = new TestHost();
        var running = await test.RunAsync();
        (bool IsDraining, HostShutdownPhase Phase) seen = default;

        // After all of ours: the last one is called first.
        test.Application.ApplicationStopping.Register(() => seen = (test.Shutdown.DrainingToken.IsCancellationRequested, test.Shutdown.Phase));
        if (byStopApplication)
        {
            test.Application.StopApplication();
        }
        else
        {
            await test.Host.StopAsync(TestContext.Current.CancellationToken).WithLimit();
        }

        await running.WithLimit();
        Assert.Equal((true, HostShutdownPhase.Stopping), seen);
        Assert.Equal("the program itself", test.Shutdown.Reason?.ToString());
    }

    [Fact]
    public async Task Stop_by_a_service_that_fails_is_known_before_callbacks_of_what_has_started_are_called()
    {
        var fail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (bool IsDraining, HostShutdownPhase Phase) seen = default;
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => new Failing(fail.Task)).AddHostedService(provider => new Worker
        {
            OnStart = _ =>
            {
                var shutdown = provider.GetRequiredService<HostShutdown>();
                provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => seen = (shutdown.DrainingToken.IsCancellationRequested, shutdown.Phase));
                return Task.CompletedTask;
            },
        }));
        await test.Host.StartAsync(TestContext.Current.CancellationToken).WithLimit();
        var stopped = test.Host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        fail.SetException(new InvalidOperationException("no"));
        await Task.WhenAny(stopped).WithLimit();
        Assert.Equal((true, HostShutdownPhase.Stopping), seen);
    }

    [Fact]
    public async Task First_signal_after_a_stop_from_inside_does_not_hurry_and_the_second_does()
    {
        var worker = new Worker { OnStop = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => worker));
        var running = await test.RunAsync();
        test.Application.StopApplication();
        await worker.Stopping.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => test.Log.Has("SIGTERM from test: the host is stopping already, because of the program itself"), "the first signal");
        Assert.False(test.Shutdown.TerminatingToken.IsCancellationRequested);
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
    }

    [Fact]
    public async Task Signal_during_the_start_stops_what_has_started_and_no_more_is_started()
    {
        var first = new Worker();
        var second = new Worker { OnStart = token => Task.Delay(Timeout.Infinite, token) };
        var third = new Worker();
        await using var test = new TestHost(
            options => options.DrainDelay = TimeSpan.FromDays(1),
            builder => builder.Services.AddSingleton<IHostedService>(first).AddSingleton<IHostedService>(second).AddSingleton<IHostedService>(third));
        var running = test.Host.RunAsync();
        await second.Started.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.True(first.Stopping.Task.IsCompleted);
        Assert.False(third.Started.Task.IsCompleted);
        Assert.Empty(test.Hub.Listeners);
    }

    [Fact]
    public async Task Hosts_in_parallel_hear_only_their_own_signals()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(each => Task.Run(() => OneAsync(each))));

        static async Task OneAsync(int each)
        {
            // As a test does whose code under test calls Signals, or takes the hub from the container.
            using var hub = TestSignals.Install();
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.UseSignalStreams(options => options.CheckBudget = false);
            using var host = builder.Build();
            var shutdown = host.Services.GetRequiredService<HostShutdown>();
            Assert.Same(hub.Hub, host.Services.GetRequiredService<SignalHub>());
            var running = host.RunAsync();
            await hub.WaitForListenerAsync(SIGTERM);
            var signal = each % 2 == 0 ? SIGTERM : SIGINT;
            hub.Raise(signal);
            await running.WithLimit();
            Assert.Equal(signal, Assert.IsType<SignalCancelReason>(shutdown.Reason).Signal);
            Assert.Empty(hub.Listeners);
        }
    }

    [Fact]
    public async Task Calls_may_be_repeated_and_the_last_value_counts()
    {
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromDays(2), builder => builder.UseSignalStreams(options => options.DrainDelay = TimeSpan.FromDays(1)).UseSignalStreams());
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(test.Hub.Listeners.Count, test.Hub.Listeners.Select(listener => listener.Signal).Distinct().Count());
        Assert.Equal(TimeSpan.FromDays(1), test.Host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SignalStreamsOptions>>().Value.DrainDelay);
        Assert.Single(test.Host.Services.GetServices<IHostLifetime>());
    }

    [Fact]
    public async Task Host_builder_of_the_old_kind_is_served_too()
    {
        using var hub = new TestSignalHub();
        using var host = new HostBuilder().UseSignalStreams(options =>
        {
            options.Hub = hub.Hub;
            options.CheckBudget = false;
        }).Build();
        var running = host.RunAsync();
        await hub.WaitForListenerAsync(SIGTERM);
        hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Empty(hub.Listeners);
    }

    [Fact]
    public void Action_at_a_signal_that_stops_the_host_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TestHost(options => options.On(SIGTERM, (_, _) => Task.CompletedTask)));
        Assert.Contains("SIGTERM stops the host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drain_delay_below_zero_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new TestHost(options => options.DrainDelay = TimeSpan.FromSeconds(-5)));
        Assert.Contains("DrainDelay cannot be less than zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_starts_when_the_process_is_stopping_already_stops_too()
    {
        using var hub = new TestSignalHub();
        hub.Hub.ShutdownManager.Configure(options => options.RollbackTime = TimeSpan.FromMinutes(5));
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = new TestHost(build: builder => builder.Services.AddHostedService(_ => new Worker { OnStop = _ => told.Task }), hub: hub);
        var running = await first.RunAsync();
        hub.Hub.ShutdownManager.RequestShutdown(new TextCancelReason("test"));
        await Patience.UntilAsync(() => first.Shutdown.Phase == HostShutdownPhase.Stopping, "the stop");
        await using var second = new TestHost(hub: hub);
        await second.Host.RunAsync(CancellationToken.None).WithLimit();
        Assert.Equal("test", second.Shutdown.Reason?.ToString());
        told.SetResult();
        await running.WithLimit();
    }

    [Fact]
    public async Task Lifetime_that_is_registered_later_is_named()
    {
        await using var test = new TestHost(build: builder => builder.Services.AddSingleton<IHostLifetime, OtherLifetime>());
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(test.Log.Has("Warning Microsoft.Hosting.Lifetime: Signals do not stop or reload this host as UseSignalStreams would have it: OtherLifetime was registered as its lifetime after UseSignalStreams"));
        Assert.Empty(test.Hub.Listeners);
    }

    [Fact]
    public async Task Actions_at_a_signal_run_one_after_the_other_and_their_errors_are_logged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGUSR1.");
        var calls = 0;
        var running = 0;
        var done = new TaskCompletionSource();
        await using var test = new TestHost(options => options.On(SIGUSR1, async (services, token) =>
        {
            Assert.NotNull(services.GetRequiredService<HostShutdown>());
            Assert.False(token.IsCancellationRequested);
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Delay(1, CancellationToken.None);
            Interlocked.Decrement(ref running);
            if (++calls == 10)
            {
                done.SetResult();
            }

            throw new InvalidOperationException($"call {calls}");
        }));
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 10; i++)
        {
            test.Hub.Raise(SIGUSR1);
        }

        await done.Task.WithLimit();
        await Patience.UntilAsync(() => test.Log.Has("What is to be done at SIGUSR1 failed [InvalidOperationException: call 10]"), "the errors");
        Assert.Equal(10, test.Log.Lines.Count(line => line.Contains("What is to be done at SIGUSR1 failed [InvalidOperationException: call ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Action_that_does_not_end_is_named_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGUSR1.");
        var time = new ManualTime();
        var calls = 0;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = new TestHost(
            options => options.On(SIGUSR1, (_, _) => Interlocked.Increment(ref calls) == 1 ? go.Task : Task.CompletedTask),
            time: time);
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        test.Hub.Raise(SIGUSR1);
        test.Hub.Raise(SIGUSR1);
        await Patience.UntilAsync(() => time.Timers == 1 && Volatile.Read(ref calls) == 1, "the call");
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(test.Log.Has("has not ended"));
        time.Advance(TimeSpan.FromSeconds(0.1));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(test.Log.Lines, "Warning SignalStreams.Hosting: What is to be done at SIGUSR1 has not ended after 10 s: until it has, that signal does nothing more");
        go.SetResult();
        await Patience.UntilAsync(() => Volatile.Read(ref calls) == 2 && time.Timers == 0, "the second call");
    }

    [Fact]
    public async Task Action_is_called_again_whatever_it_has_thrown_and_whatever_the_log_does_with_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGUSR1.");
        var calls = 0;
        using var broken = new BrokenLog();
        await using var test = new TestHost(
            options => options.On(SIGUSR1, (_, _) => throw (Interlocked.Increment(ref calls) % 2 == 0 ? new OddException() : new ObjectDisposedException("something"))),
            builder => builder.Logging.AddProvider(broken));
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 1; i <= 5; i++)
        {
            test.Hub.Raise(SIGUSR1);
            await Patience.UntilAsync(() => Volatile.Read(ref calls) == i, "the call");
        }
    }

    private sealed class OddException : Exception
    {
#pragma warning disable CA1065 // What is odd about it.
        public override string Message => throw this;
#pragma warning restore CA1065
    }

    private sealed class Failing(Task failure) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => failure;
    }

#pragma warning disable CA1812 // The container makes it.
    private sealed class OtherLifetime : IHostLifetime
#pragma warning restore CA1812
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
