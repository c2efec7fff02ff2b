using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace SignalStreams.Tests.Reactive;

public sealed class SchedulerTests
{
    public static TheoryData<string> Schedulers => [nameof(ImmediateScheduler), nameof(CurrentThreadScheduler), nameof(NewThreadScheduler), nameof(TaskPoolScheduler), nameof(EventLoopScheduler)];

    [Fact]
    public async Task Elements_wait_for_the_scheduler_and_come_one_at_a_time()
    {
        using var test = new TestSignalHub();
        var scheduler = new HandScheduler();
        var recorder = new Recorder<ShutdownSignal>();
        using var subscription = test.Hub.Observe(scheduler, SIGHUP, SIGTERM).Subscribe(recorder);
        test.Raise(SIGHUP);
        test.Raise(SIGTERM);
        await scheduler.WaitForWorkAsync();
        Assert.Equal(0, recorder.Count);
        scheduler.RunOne();
        Assert.Equal(SIGHUP, await recorder.NextAsync());
        await scheduler.WaitForWorkAsync();
        Assert.Equal(1, recorder.Count);
        scheduler.RunOne();
        Assert.Equal(SIGTERM, await recorder.NextAsync());
        Assert.False(scheduler.HasWork);
    }

    [Fact]
    public async Task Virtual_time_throttles_a_storm_to_one_reload()
    {
        using var test = new TestSignalHub();
        var scheduler = new HistoricalScheduler();
        var reloads = new Recorder<ShutdownSignal>();
        using var subscription = test.Hub.Observe(SIGHUP).Throttle(TimeSpan.FromSeconds(1), scheduler).Subscribe(reloads);
        for (var i = 0; i < 10; i++)
        {
            test.Raise(SIGHUP);
        }

        await Patience.UntilAllIsReadAsync(test);
        scheduler.AdvanceBy(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, reloads.Count);
        scheduler.AdvanceBy(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, reloads.Count);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(60));
        Assert.Equal(1, reloads.Count);
    }

    [Theory, MemberData(nameof(Schedulers))]
    public async Task Every_scheduler_keeps_order_and_grammar(string name)
    {
        const int Count = 2000;
        using var loop = new EventLoopScheduler();
        IScheduler scheduler = name switch
        {
            nameof(ImmediateScheduler) => ImmediateScheduler.Instance,
            nameof(CurrentThreadScheduler) => CurrentThreadScheduler.Instance,
            nameof(NewThreadScheduler) => NewThreadScheduler.Default,
            nameof(TaskPoolScheduler) => TaskPoolScheduler.Default,
            _ => loop,
        };
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<SignalDelivery>(_ => gate.Wait());
        var options = new SignalReceiverOptions { Capacity = Count };
        using var subscription = test.Hub.ObserveDeliveries(options, [SIGHUP], scheduler).Subscribe(recorder);
        test.Raise(SIGHUP);
        await recorder.NextAsync();

        // A backlog, then a stream.
        for (var i = 1; i < Count; i++)
        {
            test.Raise(SIGHUP);
            if (i == Count / 2)
            {
                gate.Set();
            }
        }

        for (var i = 2; i <= Count; i++)
        {
            Assert.Equal(i, (await recorder.NextAsync()).Sequence);
        }

        Assert.Equal(0, recorder.Breaches);
    }

    [Fact]
    public async Task Long_backlog_on_the_immediate_scheduler_needs_no_deep_stack()
    {
        const int Count = 100_000;
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ => gate.Wait());
        var options = new SignalReceiverOptions { Capacity = Count };
        using var subscription = test.Hub.Observe(options, [SIGHUP], ImmediateScheduler.Instance).Subscribe(recorder);
        for (var i = 0; i < Count; i++)
        {
            test.Raise(SIGHUP);
        }

        gate.Set();
        await Patience.UntilAsync(() => recorder.Count == Count, "the backlog");
    }

    [Fact]
    public async Task Elements_come_on_the_thread_of_an_event_loop()
    {
        Thread? thread = null;
        using var loop = new EventLoopScheduler(start => thread = new Thread(start) { IsBackground = true });
        using var test = new TestSignalHub();
        var recorder = new Recorder<ShutdownSignal>();
        using var subscription = test.Hub.Observe(loop, SIGHUP).Subscribe(recorder);
        for (var i = 0; i < 100; i++)
        {
            test.Raise(SIGHUP);
            var (_, seen) = await recorder.NextWithThreadAsync();
            Assert.Same(thread, seen);
        }
    }

    [Fact]
    public async Task Throwing_observer_on_a_scheduler_is_reported_and_harms_nobody()
    {
        using var test = new TestSignalHub();
        using var reports = new Reports();
        using var loop = new EventLoopScheduler();
        var text = Reports.UniqueText();
        var healthy = new Recorder<ShutdownSignal>();
        var observable = test.Hub.Observe(loop, SIGTERM);
        using var a = observable.Subscribe(_ => throw new InvalidOperationException(text));
        using var b = observable.Subscribe(healthy);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await healthy.NextAsync());
        Assert.Equal("Observe", (await reports.FailureAsync(text)).Surface);
        await Patience.UntilAsync(() => test.Listeners.Count == 1, "the receiver of the throwing observer to close");
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await healthy.NextAsync());
    }

    [Fact]
    public void Error_of_opening_comes_to_the_subscriber_and_not_to_the_scheduler()
    {
        var hub = new SignalHub(new RefusingSource(SIGTERM), new TestProcessExit(), TimeProvider.System);
        Assert.Throws<IOException>(() => hub.Observe(new HandScheduler(), SIGTERM).Subscribe(_ => { }));
    }
}
