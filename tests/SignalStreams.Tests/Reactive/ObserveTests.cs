using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace SignalStreams.Tests.Reactive;

public sealed class ObserveTests
{
    private const string DeliveryThreadName = "SignalStreams delivery";

    private static readonly AsyncLocal<string?> Flow = new();

    [Fact]
    public void Nothing_is_claimed_before_somebody_subscribes()
    {
        using var test = new TestSignalHub();
        _ = test.Hub.Observe(SIGHUP);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Subscribing_opens_a_receiver_and_disposing_closes_it()
    {
        using var test = new TestSignalHub();
        var subscription = test.Hub.Observe(SIGHUP, SIGTERM, SIGHUP).Subscribe(new Recorder<ShutdownSignal>());
        Assert.Equal([new TestListener(SIGHUP, "Observe"), new TestListener(SIGTERM, "Observe")], test.Listeners);
        subscription.Dispose();
        Assert.Empty(test.Listeners);
        subscription.Dispose();
    }

    [Fact]
    public async Task Every_subscriber_has_its_own_copy()
    {
        using var test = new TestSignalHub();
        var signals = test.Hub.Observe(SIGHUP, SIGTERM);
        var first = new Recorder<ShutdownSignal>();
        var second = new Recorder<ShutdownSignal>();
        using var a = signals.Subscribe(first);
        using var b = signals.Subscribe(second);
        Assert.Equal(4, test.Listeners.Count);
        test.Raise(SIGHUP);
        test.Raise(SIGTERM);
        Assert.Equal([SIGHUP, SIGTERM], await first.NextAsync(2));
        Assert.Equal([SIGHUP, SIGTERM], await second.NextAsync(2));
        a.Dispose();
        Assert.Equal(2, test.Listeners.Count);
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await second.NextAsync());
        Assert.Equal(2, first.Count);
    }

    [Fact]
    public async Task Deliveries_tell_order_and_origin()
    {
        using var test = new TestSignalHub();
        var recorder = new Recorder<SignalDelivery>();
        using var subscription = test.Hub.ObserveDeliveries(SIGHUP).Subscribe(recorder);
        Assert.Equal(new TestListener(SIGHUP, "ObserveDeliveries"), Assert.Single(test.Listeners));
        test.Raise(SIGHUP, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 17 });
        test.Raise(SIGHUP);
        var first = await recorder.NextAsync();
        var second = await recorder.NextAsync();
        Assert.Equal((SIGHUP, 17, 1), (first.Signal, first.Origin.ProcessId, first.Count));
        Assert.Equal(first.Sequence + 1, second.Sequence);
    }

    [Fact]
    public async Task Every_overload_observes()
    {
        using var test = TestSignals.Install();
        var options = new SignalReceiverOptions();
        IEnumerable<ShutdownSignal> signals = [SIGHUP];
        var token = TestContext.Current.CancellationToken;
        var scheduler = System.Reactive.Concurrency.ImmediateScheduler.Instance;
        IObservable<ShutdownSignal>[] observables =
        [
            Signals.Observe(SIGHUP), Signals.Observe(signals), Signals.Observe(signals, token), Signals.Observe(scheduler, SIGHUP),
            Signals.Observe(options, SIGHUP), Signals.Observe(options, signals), Signals.Observe(options, signals, token),
            Signals.Observe(options, signals, scheduler), Signals.Observe(options, signals, scheduler, token),
            test.Hub.Observe(SIGHUP), test.Hub.Observe(signals), test.Hub.Observe(signals, token), test.Hub.Observe(scheduler, SIGHUP),
            test.Hub.Observe(options, SIGHUP), test.Hub.Observe(options, signals), test.Hub.Observe(options, signals, token),
            test.Hub.Observe(options, signals, scheduler), test.Hub.Observe(options, signals, scheduler, token),
        ];
        IObservable<SignalDelivery>[] deliveries =
        [
            Signals.ObserveDeliveries(SIGHUP), Signals.ObserveDeliveries(signals), Signals.ObserveDeliveries(signals, token), Signals.ObserveDeliveries(scheduler, SIGHUP),
            Signals.ObserveDeliveries(options, SIGHUP), Signals.ObserveDeliveries(options, signals), Signals.ObserveDeliveries(options, signals, token),
            Signals.ObserveDeliveries(options, signals, scheduler), Signals.ObserveDeliveries(options, signals, scheduler, token),
            test.Hub.ObserveDeliveries(SIGHUP), test.Hub.ObserveDeliveries(signals), test.Hub.ObserveDeliveries(signals, token), test.Hub.ObserveDeliveries(scheduler, SIGHUP),
            test.Hub.ObserveDeliveries(options, SIGHUP), test.Hub.ObserveDeliveries(options, signals), test.Hub.ObserveDeliveries(options, signals, token),
            test.Hub.ObserveDeliveries(options, signals, scheduler), test.Hub.ObserveDeliveries(options, signals, scheduler, token),
        ];
        foreach (var observable in observables.Concat(deliveries.Select(d => d.Select(delivery => delivery.Signal))))
        {
            var recorder = new Recorder<ShutdownSignal>();
            using (observable.Subscribe(recorder))
            {
                test.Raise(SIGHUP);
                Assert.Equal(SIGHUP, await recorder.NextAsync());
            }

            Assert.Empty(test.Listeners);
        }
    }

    [Fact]
    public void Bad_arguments_are_refused_at_the_call()
    {
        using var test = new TestSignalHub();
        var options = new SignalReceiverOptions();
        Assert.Throws<ArgumentException>(() => { Signals.Observe(); });
        Assert.Throws<ArgumentException>(() => { test.Hub.Observe(); });
        Assert.Throws<ArgumentException>(() => { test.Hub.Observe(new List<ShutdownSignal>()); });
        Assert.Throws<ArgumentException>(() => { test.Hub.ObserveDeliveries(options); });
        Assert.Contains("SIGKILL", RefusalOfSigkill.Of(() => { test.Hub.Observe(SIGTERM, SIGKILL); }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("signals", () => { test.Hub.Observe((IEnumerable<ShutdownSignal>)null!); });
        Assert.Throws<ArgumentNullException>("options", () => { test.Hub.Observe((SignalReceiverOptions)null!, SIGHUP); });
        Assert.Throws<ArgumentNullException>("scheduler", () => { test.Hub.Observe(options, [SIGHUP], (System.Reactive.Concurrency.IScheduler)null!); });
        Assert.Throws<ArgumentNullException>("hub", () => { ((SignalHub)null!).Observe(SIGHUP); });
        Assert.Throws<ArgumentNullException>("observer", () => { test.Hub.Observe(SIGHUP).Subscribe((IObserver<ShutdownSignal>)null!); });
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Signals_are_settled_at_the_call()
    {
        using var test = new TestSignalHub();
        List<ShutdownSignal> signals = [SIGHUP];
        var observable = test.Hub.Observe(signals);
        signals[0] = SIGTERM;
        using var subscription = observable.Subscribe(new Recorder<ShutdownSignal>());
        Assert.True(test.IsListening(SIGHUP));
        Assert.False(test.IsListening(SIGTERM));
    }

    [Fact]
    public void The_hub_is_settled_at_the_call()
    {
        using var test = new TestSignalHub();
        IObservable<ShutdownSignal> observable;
        using (var installed = TestSignals.Install())
        {
            observable = Signals.Observe(SIGHUP);
            using var other = TestSignals.Install();
            using var subscription = observable.Subscribe(new Recorder<ShutdownSignal>());
            Assert.True(installed.IsListening(SIGHUP));
            Assert.False(other.IsListening(SIGHUP));
        }
    }

    [Fact]
    public void What_fails_at_opening_comes_through_OnError()
    {
        var source = new RefusingSource(SIGHUP);
        var hub = new SignalHub(source, new TestProcessExit(), TimeProvider.System);
        var recorder = new Recorder<ShutdownSignal>();
        var observable = hub.Observe(SIGTERM, SIGHUP);
        observable.Subscribe(recorder).Dispose();
        Assert.Equal("refused", Assert.IsType<IOException>(recorder.Error).Message);
        Assert.False(recorder.IsCompleted);
        Assert.Throws<IOException>(() => { observable.Subscribe(_ => { }); });
        Assert.Empty(source.Claimed);
    }

    [Fact]
    public async Task Elements_come_in_order_on_a_delivery_thread_and_one_at_a_time()
    {
        const int Count = 5000;
        using var test = new TestSignalHub();
        var recorder = new Recorder<SignalDelivery>();
        using var subscription = test.Hub.ObserveDeliveries(new SignalReceiverOptions { Capacity = Count }, SIGHUP).Subscribe(recorder);
        var raising = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Count / 4; i++)
            {
                test.Raise(SIGHUP);
            }
        })).ToArray();
        await Task.WhenAll(raising).WithLimit();
        for (var i = 1; i <= Count; i++)
        {
            var (delivery, thread) = await recorder.NextWithThreadAsync();
            Assert.Equal(i, delivery.Sequence);
            Assert.Equal(DeliveryThreadName, thread.Name);
        }

        Assert.Equal(0, recorder.Breaches);
    }

    [Fact]
    public async Task Elements_come_through_the_pool_if_the_options_say_so()
    {
        using var test = new TestSignalHub();
        var recorder = new Recorder<ShutdownSignal>();
        using var subscription = test.Hub.Observe(new SignalReceiverOptions { RunContinuationsAsynchronously = true }, SIGHUP).Subscribe(recorder);
        for (var i = 0; i < 200; i++)
        {
            test.Raise(SIGHUP);
            var (_, thread) = await recorder.NextWithThreadAsync();
            Assert.True(thread.IsThreadPoolThread);
        }
    }

    [Fact]
    public async Task What_the_subscriber_has_in_its_flow_is_there_for_the_observer()
    {
        using var test = TestSignals.Install();
        Flow.Value = "subscriber";
        var seen = new Recorder<(string?, SignalHub)>();
        using var subscription = Signals.Observe(SIGHUP).Subscribe(_ => seen.OnNext((Flow.Value, Signals.Hub)));
        test.Raise(SIGHUP);
        test.Raise(SIGHUP);
        Assert.Equal(("subscriber", test.Hub), await seen.NextAsync());
        Assert.Equal(("subscriber", test.Hub), await seen.NextAsync());
    }

    [Fact]
    public async Task A_thousand_subscribers_are_all_served()
    {
        const int Count = 1000;
        using var test = new TestSignalHub();
        var observable = test.Hub.Observe(SIGTERM);
        var recorders = Enumerable.Range(0, Count).Select(_ => new Recorder<ShutdownSignal>()).ToArray();
        using var subscriptions = new CompositeDisposable(recorders.Select(observable.Subscribe));
        Assert.Equal(Count, test.Listeners.Count);
        test.Raise(SIGTERM);
        test.Raise(SIGTERM);
        foreach (var recorder in recorders)
        {
            Assert.Equal([SIGTERM, SIGTERM], await recorder.NextAsync(2));
        }

        subscriptions.Dispose();
        Assert.Empty(test.Listeners);
        Assert.All(recorders, recorder => Assert.Equal((2, 0), (recorder.Count, recorder.Breaches)));
    }

    [Fact]
    public async Task Disposing_inside_OnNext_ends_the_subscription_there()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        using var subscription = new SingleAssignmentDisposable();
        var recorder = new Recorder<ShutdownSignal>(_ =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            subscription.Dispose();
        });
        subscription.Disposable = test.Hub.Observe(SIGTERM).Subscribe(recorder);
        test.Raise(SIGTERM);
        test.Raise(SIGTERM);
        await recorder.NextAsync();
        gate.Set();
        await Patience.UntilAsync(() => test.Listeners.Count == 0, "the receiver to close");
        Assert.Equal(1, recorder.Count);
        Assert.False(recorder.IsCompleted);

        // It has been given a terminating signal; the second one does not kill what it does about it. Raised again it would be after the receiver closed.
        await Patience.EndAsync(test);
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task First_element_alone_is_asked_for_and_the_receiver_closes()
    {
        using var test = new TestSignalHub();
        var first = test.Hub.Observe(SIGTERM).FirstAsync().GetAwaiter();
        test.Raise(SIGTERM);
        await Patience.UntilAsync(() => first.IsCompleted, "the first element");
        Assert.Equal(SIGTERM, first.GetResult());
        await Patience.UntilAsync(() => test.Listeners.Count == 0, "the receiver to close");
    }

    [Fact]
    public async Task Subscribing_inside_OnNext_opens_at_once()
    {
        using var test = new TestSignalHub();
        var inner = new Recorder<ShutdownSignal>();
        var subscriptions = new CompositeDisposable();
        var listeners = new Recorder<int>();
        var outer = new Recorder<ShutdownSignal>(_ =>
        {
            subscriptions.Add(test.Hub.Observe(SIGTERM).Subscribe(inner));
            listeners.OnNext(test.Listeners.Count);
        });
        subscriptions.Add(test.Hub.Observe(SIGHUP).Subscribe(outer));
        test.Raise(SIGHUP);
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestContext.Current.CancellationToken);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await inner.NextAsync());
        Assert.Equal(2, await listeners.NextAsync());
        subscriptions.Dispose();
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Throwing_observer_is_reported_and_ends_alone()
    {
        using var test = new TestSignalHub();
        using var reports = new Reports();
        var text = Reports.UniqueText();
        var healthy = new Recorder<ShutdownSignal>();
        var bad = new Recorder<ShutdownSignal>(_ => throw new InvalidOperationException(text));
        var observable = test.Hub.Observe(SIGTERM);
        using var a = observable.Subscribe(bad);
        using var b = observable.Subscribe(healthy);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await healthy.NextAsync());
        var (surface, exception) = await reports.FailureAsync(text);
        Assert.Equal("Observe", surface);
        Assert.Contains(nameof(InvalidOperationException), exception, StringComparison.Ordinal);
        await Patience.UntilAsync(() => test.Listeners.Count == 1, "the receiver of the throwing observer to close");
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await healthy.NextAsync());
        Assert.Equal(1, bad.Count);
        Assert.Single(reports.FailuresOf(text));
    }

    [Fact]
    public async Task Blocking_observer_delays_nobody_else()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var observable = test.Hub.Observe(SIGTERM);
        var blocking = Enumerable.Range(0, 4).Select(_ => new Recorder<ShutdownSignal>(_ => gate.Wait())).ToArray();
        var healthy = new Recorder<ShutdownSignal>();
        using var subscriptions = new CompositeDisposable(blocking.Append(healthy).Select(observable.Subscribe));
        for (var i = 0; i < 10; i++)
        {
            test.Raise(SIGTERM);
            Assert.Equal(SIGTERM, await healthy.NextAsync());
        }

        await Patience.UntilAsync(() => blocking.All(b => b.Count == 1), "the observers to block");
        gate.Set();
        foreach (var recorder in blocking)
        {
            Assert.Equal(10, (await recorder.NextAsync(10)).Count);
            Assert.Equal(0, recorder.Breaches);
        }
    }

    [Fact]
    public async Task Cancelled_token_completes_and_closes()
    {
        using var test = new TestSignalHub();
        using var cts = new CancellationTokenSource();
        var recorder = new Recorder<ShutdownSignal>();
        var observable = test.Hub.Observe([SIGHUP], cts.Token);
        using var subscription = observable.Subscribe(recorder);
        test.Raise(SIGHUP);
        await recorder.NextAsync();
        await cts.CancelAsync();
        Assert.Empty(test.Listeners);
        Assert.Equal(DeliveryThreadName, (await recorder.CompletionAsync()).Name);
        Assert.Equal((0, 1), (recorder.Breaches, recorder.Count));

        var late = new Recorder<ShutdownSignal>();
        observable.Subscribe(late).Dispose();
        Assert.True(late.IsCompleted);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Closed_hub_completes()
    {
        using var test = new TestSignalHub();
        var recorder = new Recorder<ShutdownSignal>();
        using var subscription = test.Hub.Observe(SIGHUP).Subscribe(recorder);
        test.Dispose();
        await recorder.CompletionAsync();
    }

    [Fact]
    public async Task Subscription_that_nobody_holds_lives_on()
    {
        using var test = new TestSignalHub();
        var recorder = new Recorder<ShutdownSignal>();
        Subscribe(test, recorder);
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            test.Raise(SIGHUP);
            Assert.Equal(SIGHUP, await recorder.NextAsync());
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Subscribe(TestSignalHub test, Recorder<ShutdownSignal> recorder) => _ = test.Hub.Observe(SIGHUP).Subscribe(recorder);
    }

    [Fact]
    public async Task Ten_thousand_subscriptions_leave_nothing_behind()
    {
        using var test = new TestSignalHub();
        var observable = test.Hub.Observe(SIGHUP, SIGTERM);
        var recorder = new Recorder<ShutdownSignal>();
        for (var i = 0; i < 10_000; i++)
        {
            observable.Subscribe(recorder).Dispose();
        }

        Assert.Empty(test.Listeners);
        Assert.Equal(0, recorder.Count);
        Assert.False(recorder.IsCompleted);
        Assert.Null(test.Ended);
        await Patience.UntilAsync(() => test.Hub.Router.Threads.Count == 0, "the delivery threads to leave");
    }
}
