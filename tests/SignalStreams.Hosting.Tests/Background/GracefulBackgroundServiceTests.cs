using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.Hosting.Tests.Background;

public sealed class GracefulBackgroundServiceTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TaskCompletionSource _isDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Work_is_asked_as_soon_as_the_host_drains_and_may_finish()
    {
        var time = new ManualTime();
        var work = new Work((_, _) => _isDone.Task) { Title = "orders" };
        await using var test = Host(work, options => options.DrainDelay = Day, time);
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await work.Asked.Task.WithLimit();
        Assert.Equal(HostShutdownPhase.Draining, test.Shutdown.Phase);
        await Patience.UntilAsync(() => Entry(test, "orders") is { Outcome: TimelineOutcome.Running, Limit: null }, "the entry");
        _isDone.SetResult();
        await Patience.UntilAsync(() => Entry(test, "orders") is { Outcome: TimelineOutcome.Done }, "the end");
        Assert.False(work.Dropped.Task.IsCompleted);
        await EndDrainAsync(test, time);
        await running.WithLimit();
    }

    [Fact]
    public async Task Work_is_dropped_when_its_grace_period_is_over()
    {
        var time = new ManualTime();
        var work = new Work((_, grace) => Task.Delay(Timeout.Infinite, grace)) { Grace = TimeSpan.FromSeconds(5) };
        await using var test = Host(work, options => options.DrainDelay = Day, time);
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await work.Asked.Task.WithLimit();
        await Patience.UntilAsync(() => Entry(test, "Work") is not null, "the entry");
        await Patience.UntilAsync(() => time.Timers >= 2, "the timers of the drain delay and of the grace period");
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(work.Dropped.Task.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await work.Dropped.Task.WithLimit();
        await Patience.UntilAsync(() => Entry(test, "Work") is { Outcome: TimelineOutcome.Cancelled }, "the end");
        Assert.Equal(TimeSpan.FromSeconds(5), Entry(test, "Work")!.Limit);
        await EndDrainAsync(test, time);
        await running.WithLimit();
    }

    [Fact]
    public async Task Second_signal_ends_the_grace_period()
    {
        var work = new Work((_, grace) => Task.Delay(Timeout.Infinite, grace));
        await using var test = Host(work, options => options.DrainDelay = Day);
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await work.Asked.Task.WithLimit();
        test.Hub.Raise(SIGINT);
        await work.Dropped.Task.WithLimit();
        await running.WithLimit();
        Assert.Equal(TimelineOutcome.Cancelled, Entry(test, "Work")!.Outcome);
    }

    [Fact]
    public async Task Work_whose_callback_throws_when_it_is_asked_is_waited_for()
    {
        var isRegistered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var work = new Work((stop, _) =>
        {
            stop.Register(() => throw new InvalidOperationException("no"));
            isRegistered.SetResult();
            return _isDone.Task;
        });
        await work.StartAsync(TestContext.Current.CancellationToken);
        await isRegistered.Task.WithLimit();
        var stopping = work.StopAsync(CancellationToken.None);
        await work.Asked.Task.WithLimit();
        Assert.False(stopping.IsCompleted);
        _isDone.SetResult();
        await stopping.WithLimit();
    }

    [Fact]
    public async Task Work_that_the_host_waits_no_longer_for_has_a_moment_to_end()
    {
        var work = new Work(async (_, grace) =>
        {
            await Task.Delay(Timeout.Infinite, grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(50, CancellationToken.None);
            _isDone.SetResult();
        })
        { CleanUp = Patience.Limit };
        await using var test = Host(work, timeout: TimeSpan.FromMilliseconds(300));
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.True(_isDone.Task.IsCompleted);
        Assert.Equal(TimelineOutcome.Done, Entry(test, "Work")!.Outcome);
    }

    [Fact]
    public async Task Work_that_ignores_its_tokens_is_given_up_and_named_and_the_others_are_stopped()
    {
        var other = new Worker();
        var work = new Work((_, _) => _isDone.Task) { Title = "stubborn", Grace = TimeSpan.FromMilliseconds(50), CleanUp = TimeSpan.FromMilliseconds(100) };
        await using var test = Host(work, build: services => services.AddSingleton<IHostedService>(other));
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.True(other.Stopping.Task.IsCompleted);
        Assert.Equal(TimelineOutcome.GivenUp, Entry(test, "stubborn")!.Outcome);
        Assert.True(test.Log.Has("Warning SignalStreams.Hosting: The host has stopped, and not everything ended in time. The shutdown was held up: child 'stubborn' was given up after "));
        _isDone.SetResult();
    }

    [Fact]
    public async Task Work_that_its_stop_token_ends_during_the_drain_is_no_failure()
    {
        var time = new ManualTime();
        var work = new Work((stop, _) => Task.Delay(Timeout.Infinite, stop));
        await using var test = Host(work, options => options.DrainDelay = Day, time);
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await work.ExecuteTask!.WithLimit();
        await Patience.UntilAsync(() => Entry(test, "Work") is { Outcome: TimelineOutcome.Done }, "the end");
        Assert.Equal(HostShutdownPhase.Draining, test.Shutdown.Phase);
        await EndDrainAsync(test, time);
        await running.WithLimit();
        Assert.DoesNotContain(test.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_that_fails_stops_the_host_as_any_background_service_does()
    {
        var work = new Work(async (_, _) =>
        {
            await _isDone.Task;
            throw new InvalidOperationException("no");
        });
        await using var test = Host(work);
        var running = await test.RunAsync();
        await work.Begun.Task.WithLimit();
        _isDone.SetResult();
        await running.WithLimit();
        Assert.True(test.Log.Has("[InvalidOperationException: no]"));
        var entry = Entry(test, "Work")!;
        Assert.Equal(TimelineOutcome.Failed, entry.Outcome);
        Assert.Equal("no", entry.Error!.Message);
    }

    [Fact]
    public async Task Work_that_has_ended_long_before_is_not_in_the_timeline()
    {
        var work = new Work((_, _) => Task.CompletedTask);
        await using var test = Host(work);
        var running = await test.RunAsync();
        await Patience.UntilAsync(() => work.ExecuteTask is { IsCompleted: true }, "the end");
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Null(Entry(test, "Work"));
    }

    [Fact]
    public async Task Grace_period_counts_in_a_host_without_SignalStreams()
    {
        var finished = new Work(async (stop, _) =>
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(50, CancellationToken.None);
            _isDone.SetResult();
        });
        var dropped = new Work((_, grace) => Task.Delay(Timeout.Infinite, grace)) { Grace = TimeSpan.FromMilliseconds(50) };
        var stubborn = new Work((_, _) => Task.Delay(Timeout.Infinite, CancellationToken.None)) { Grace = TimeSpan.Zero, CleanUp = TimeSpan.Zero };
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(finished).AddSingleton<IHostedService>(dropped).AddSingleton<IHostedService>(stubborn);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(finished.Begun.Task, dropped.Begun.Task, stubborn.Begun.Task).WithLimit();
        await host.StopAsync(TestContext.Current.CancellationToken).WithLimit();
        Assert.True(_isDone.Task.IsCompleted);
        Assert.False(finished.Dropped.Task.IsCompleted);
        Assert.True(dropped.Dropped.Task.IsCompleted);
        Assert.False(stubborn.ExecuteTask!.IsCompleted);
    }

    private static TestHost Host(
        Work work, Action<SignalStreamsOptions>? configure = null, TimeProvider? time = null, TimeSpan? timeout = null, Action<IServiceCollection>? build = null) => new(
        configure,
        builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = timeout ?? Day);
            build?.Invoke(builder.Services);
            builder.Services.AddHostedService(_ => work);
        },
        time: time);

    private static async Task EndDrainAsync(TestHost test, ManualTime time)
    {
        await Patience.UntilAsync(() => Entry(test, "drain delay") is not null, "the delay to begin");
        time.Advance(Day);
    }

    private static ShutdownTimelineEntry? Entry(TestHost test, string name) => test.Shutdown.Timeline.Entries.SingleOrDefault(entry => entry.Name == name);
}
