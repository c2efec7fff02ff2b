using SignalStreams.Tests.Stress;

namespace SignalStreams.Tests.Reactive;

public sealed class UnreadTests
{
    [Fact]
    public async Task Terminating_signal_that_the_observer_was_not_given_is_raised_again_at_the_disposal()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ => gate.Wait());
        var subscription = test.Hub.Observe(Harmless.Signal, SIGTERM).Subscribe(recorder);
        test.Raise(Harmless.Signal);
        await recorder.NextAsync();
        test.Raise(SIGTERM);
        Assert.Null(test.Ended);
        subscription.Dispose();
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.NobodyListened), test.Ended);
        gate.Set();
        await Patience.EndAsync(test);
        Assert.False(recorder.TryNext(out _));
    }

    [Fact]
    public async Task Nothing_is_raised_again_once_the_observer_was_given_a_terminating_signal()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ => gate.Wait());
        var subscription = test.Hub.Observe(SIGINT, SIGTERM).Subscribe(recorder);
        test.Raise(SIGINT);
        await recorder.NextAsync();
        test.Raise(SIGTERM);
        subscription.Dispose();
        gate.Set();
        await Patience.EndAsync(test);
        Assert.Null(test.Ended);
        Assert.Empty(test.Unheard);
    }

    [Fact]
    public async Task Nothing_is_raised_again_while_another_subscriber_listens()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ => gate.Wait());
        var other = new Recorder<ShutdownSignal>();
        using var rest = test.Hub.Observe(SIGTERM).Subscribe(other);
        var subscription = test.Hub.Observe(Harmless.Signal, SIGTERM).Subscribe(recorder);
        test.Raise(Harmless.Signal);
        await recorder.NextAsync();
        test.Raise(SIGTERM);
        subscription.Dispose();
        gate.Set();
        Assert.Equal(SIGTERM, await other.NextAsync());
        await Patience.EndAsync(test);
        Assert.Equal(1, other.Count);
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Unread_signals_are_dropped_if_the_options_say_so()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ => gate.Wait());
        var subscription = test.Hub.Observe(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, Harmless.Signal, SIGTERM).Subscribe(recorder);
        test.Raise(Harmless.Signal);
        await recorder.NextAsync();
        test.Raise(SIGTERM);
        subscription.Dispose();
        Assert.Empty(test.Listeners);
        gate.Set();
        await Patience.EndAsync(test);
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Terminating_signal_behind_an_element_that_makes_the_observer_throw_is_raised_again()
    {
        using var test = new TestSignalHub();
        using var gate = new ManualResetEventSlim();
        var recorder = new Recorder<ShutdownSignal>(_ =>
        {
            gate.Wait();
            throw new InvalidOperationException("meant by a test");
        });
        using var subscription = test.Hub.Observe(Harmless.Signal, SIGTERM).Subscribe(recorder);
        test.Raise(Harmless.Signal);
        await recorder.NextAsync();
        test.Raise(SIGTERM);
        gate.Set();
        var end = await test.WaitForEndAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(SIGTERM, end.Signal);
        await Patience.EndAsync(test);
        Assert.Equal(1, recorder.Count);
    }

    [Fact]
    public async Task Terminating_signal_that_races_a_disposal_is_seen_or_raised_again_but_never_lost()
    {
        const int Races = 3000;
        await using var test = new TestSignalHub();
        using var duel = new Duel();
        var observable = test.Hub.Observe(SIGTERM);
        var seen = 0;
        for (var i = 1; i <= Races; i++)
        {
            var raisedAgain = test.Unheard.Count;
            var recorder = new Recorder<ShutdownSignal>(_ => Interlocked.Increment(ref seen));
            var subscription = observable.Subscribe(recorder);
            duel.Meet(subscription.Dispose, () => test.Raise(SIGTERM));
            await Patience.UntilAsync(() => Volatile.Read(ref seen) + test.Unheard.Count >= i, "the signal to be seen or raised again");
            duel.Won(here: test.Unheard.Count > raisedAgain);
        }

        // All of them once more, when nothing can come late any more.
        await Patience.EndAsync(test);
        Assert.Equal(Races, seen + test.Unheard.Count);
        duel.AssertBothWon();
    }
}
