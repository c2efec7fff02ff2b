using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests.Lifetime;

public sealed class ExitTests
{
    public static TheoryData<string, ShutdownSignal?, int> Policies => new()
    {
        { "by the signal", SIGTERM, SIGTERM.GetExitCode() },
        { "128+n", null, SIGTERM.GetExitCode() },
        { "7", null, 7 },
        { "0", null, 0 },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Status_after_a_signal_is_that_of_the_policy(string policy, ShutdownSignal? signal, int code)
    {
        await using var test = new TestHost(options => options.ExitStatus = Policy(policy));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(new TestProcessEnd(signal, code, TestProcessEndCause.MainReturned), test.Hub.ReturnFromMain());
    }

    [Fact]
    public async Task Code_that_the_main_function_returns_counts()
    {
        await using var test = new TestHost(options => options.ExitStatus = ExitStatusPolicy.BySignal);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(3, test.Hub.ReturnFromMain(3).ExitCode);
    }

    [Fact]
    public async Task Stop_from_inside_has_no_status_of_a_signal()
    {
        await using var test = new TestHost(options => options.ExitStatus = ExitStatusPolicy.BySignal);
        var running = await test.RunAsync();
        test.Application.StopApplication();
        await running.WithLimit();
        Assert.Equal(0, test.Hub.ReturnFromMain().ExitCode);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Manager_that_is_in_use_takes_the_policy_of_the_host(string policy, ShutdownSignal? signal, int code)
    {
        await using var test = new TestHost(options => options.ExitStatus = Policy(policy));
        _ = test.Hub.ShutdownManager.StoppingToken;
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(new TestProcessEnd(signal, code, TestProcessEndCause.MainReturned), test.Hub.ReturnFromMain());
    }

    [Fact]
    public async Task Manager_that_was_told_a_policy_keeps_it()
    {
        await using var test = new TestHost();
        test.Hub.ShutdownManager.Configure(options => options.ExitStatus = ExitStatusPolicy.Code(5));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(5, test.Hub.ReturnFromMain().ExitCode);
    }

    [Fact]
    public async Task Manager_names_the_host_and_waits_for_as_long_as_it_may_take()
    {
        var time = new ManualTime();
        var worker = new Worker { OnStop = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = new TestHost(
            options => options.DrainDelay = TimeSpan.FromMinutes(2),
            builder => builder.Services.AddHostedService(_ => worker).Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(3)),
            time: time);
        var manager = test.Hub.ShutdownManager;
        _ = manager.StoppingToken;
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        Assert.True(manager.StoppingToken.IsCancellationRequested);
        Assert.Contains(manager.Timeline.Entries, entry => entry.Name == "SIGTERM from test (also heard by Generic Host)");
        Assert.InRange(manager.TimeRemaining, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(10));
        test.Hub.Raise(SIGINT);
        Assert.InRange(manager.TimeRemaining, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await running.WithLimit();
        test.Hub.ReturnFromMain();
    }

    [Fact]
    public async Task Request_of_the_manager_stops_the_host_without_a_drain_delay()
    {
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromDays(1));
        var running = await test.RunAsync();
        test.Hub.ShutdownManager.RequestShutdown("enough", exitCode: 4);
        await running.WithLimit();
        Assert.Equal("enough", test.Shutdown.Reason?.ToString());
        Assert.Equal(4, test.Hub.ReturnFromMain().ExitCode);
    }

    [Fact]
    public async Task Protected_block_holds_the_stop_while_the_host_drains()
    {
        await using var test = new TestHost();
        var block = test.Hub.ShutdownManager.Enter();
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => test.Shutdown.Phase == HostShutdownPhase.Draining, "the drain");
        Assert.False(test.Application.ApplicationStopping.IsCancellationRequested);
        block.Dispose();
        await running.WithLimit();
        test.Hub.ReturnFromMain();
    }

    [Fact]
    public async Task Exit_handlers_run_after_the_host_has_stopped()
    {
        var order = new List<string>();
        var release = new TaskCompletionSource();
        var worker = new Worker
        {
            OnStop = async _ =>
            {
                await release.Task;
                order.Add("service");
            },
        };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => worker));
        test.Hub.ShutdownManager.Register(() => order.Add("handler"));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await worker.Stopping.Task.WithLimit();

        // Another library exits.
        var exiting = Task.Run(() => test.Hub.ReturnFromMain());
        await Patience.UntilAsync(() => test.Log.Has("Somebody called Environment.Exit"), "the exit to be held");
        Assert.Empty(order);
        release.SetResult();
        await running.WithLimit();
        await exiting.WithLimit();
        Assert.Equal(["service", "handler"], order);
    }

    [Fact]
    public async Task Exit_waits_until_it_is_said_who_held_up_the_host()
    {
        var time = new ManualTime();
        var limit = TimeSpan.FromDays(1);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new Worker { OnStop = _ => release.Task };
        using var log = new SlowLog();
        await using var test = new TestHost(
            build: builder => builder.Services.AddSingleton<ILoggerProvider>(_ => log).AddHostedService(_ => worker).Configure<HostOptions>(options => options.ShutdownTimeout = limit),
            time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await worker.Stopping.Task.WithLimit();
        var exiting = OnThread(() => test.Hub.ReturnFromMain());
        await Patience.UntilAsync(() => test.Log.Has("Somebody called Environment.Exit"), "the exit to be held");
        var isWritten = exiting.ContinueWith(_ => log.IsWritten, TaskScheduler.Default);
        var timer = OnThread(() => time.Advance(limit));
        await log.Begun.WithLimit();
        release.SetResult();
        await Patience.UntilAsync(() => test.Shutdown.Phase == HostShutdownPhase.Stopped, "the end of the services");

        // More than a disposal may take to begin, in steps: the exit looks at the clock when it has heard of the end.
        for (var i = 0; i < 6; i++)
        {
            time.Advance(TimeSpan.FromSeconds(0.3));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await running.WithLimit();
        Assert.True(await isWritten.WithLimit());
        await timer.WithLimit();

        // The pool of a small machine has no third thread for half a second.
        static Task OnThread(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public async Task Exit_while_the_host_drains_waits_until_it_has_stopped()
    {
        var time = new ManualTime();
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromSeconds(10), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        var exiting = Task.Run(() => test.Hub.ReturnFromMain(0));
        await Patience.UntilAsync(() => test.Log.Has("Somebody called Environment.Exit, or the main function returned, while the host was draining, because of SIGTERM from test"), "the exit to be held");
        Assert.False(exiting.IsCompleted);
        await Patience.UntilAsync(() => time.Timers == 1, "the drain delay");
        time.Advance(TimeSpan.FromSeconds(10));
        await running.WithLimit();
        await exiting.WithLimit();
    }

    [Fact]
    public async Task Exit_is_held_for_as_long_as_the_host_may_take_and_no_longer()
    {
        var time = new ManualTime();
        var never = new TaskCompletionSource();
        var worker = new Worker { OnStop = _ => never.Task };
        await using var test = new TestHost(options => options.DrainDelay = TimeSpan.FromSeconds(10), builder => builder.Services.AddHostedService(_ => worker), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        var exiting = Task.Run(() => test.Hub.ReturnFromMain(0));
        await Patience.UntilAsync(() => test.Log.Has("Somebody called Environment.Exit"), "the exit to be held");
        await Patience.UntilAsync(() => time.Timers == 1, "the drain delay");
        time.Advance(TimeSpan.FromSeconds(41.9));
        await worker.Stopping.Task.WithLimit();
        Assert.False(exiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await exiting.WithLimit();
        Assert.True(test.Log.Has("The host had not stopped after 42 s"));
        never.SetResult();
        await running.WithLimit();
    }

    [Fact]
    public async Task Exit_while_the_services_are_disposed_of_waits_until_they_are()
    {
        var slow = new SlowDisposal();
        await using var test = new TestHost(build: builder => builder.Services.AddSingleton<ILoggerProvider>(_ => slow));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await slow.Disposing.Task.WithLimit();
        Assert.Equal(HostShutdownPhase.Stopped, test.Shutdown.Phase);

        // A signal would end the process before everything is written.
        Assert.True(test.Hub.IsListening(SIGTERM));
        var exiting = Task.Run(() => test.Hub.ReturnFromMain(0));
        await Patience.UntilAsync(() => test.Log.Has("while the host was being disposed of, because of SIGTERM from test; the exit waits"), "the exit to be held");
        Assert.False(exiting.IsCompleted);
        slow.GoOn();
        await running.WithLimit();
        await exiting.WithLimit();
        Assert.Empty(test.Hub.Listeners);
    }

    [Fact]
    public async Task Exit_is_held_for_services_that_are_disposed_of_no_longer_than_the_host_may_take()
    {
        var time = new ManualTime();
        var slow = new SlowDisposal();
        await using var test = new TestHost(build: builder => builder.Services.AddSingleton<ILoggerProvider>(_ => slow), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await slow.Disposing.Task.WithLimit();
        var exiting = Task.Run(() => test.Hub.ReturnFromMain(0));
        await Patience.UntilAsync(() => test.Log.Has("Somebody called Environment.Exit"), "the exit to be held");
        time.Advance(TimeSpan.FromSeconds(31.9));
        Assert.False(exiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await exiting.WithLimit();
        Assert.True(test.Log.Has("The services of the host had not been disposed of after 32 s"));
        slow.GoOn();
        await running.WithLimit();
    }

    [Fact]
    public async Task Exit_does_not_wait_for_a_host_that_has_stopped_and_that_nobody_disposes_of()
    {
        await using var test = new TestHost();
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        test.Hub.Raise(SIGTERM);
        await test.Host.WaitForShutdownAsync(TestContext.Current.CancellationToken).WithLimit();
        await Task.Run(() => test.Hub.ReturnFromMain(0)).WithLimit();
        Assert.False(test.Log.Has("Somebody called Environment.Exit"));
    }

    [Fact]
    public async Task Exit_that_no_signal_caused_is_not_held()
    {
        await using var test = new TestHost();
        await test.Host.StartAsync(TestContext.Current.CancellationToken);
        await Task.Run(() => test.Hub.ReturnFromMain(1)).WithLimit();
        Assert.False(test.Log.Has("Somebody called Environment.Exit"));
    }

    private static ExitStatusPolicy Policy(string name) => name switch
    {
        "by the signal" => ExitStatusPolicy.BySignal,
        "128+n" => ExitStatusPolicy.ShellCode,
        _ => ExitStatusPolicy.Code(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
