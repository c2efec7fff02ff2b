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
        Assert.Null(test.Ended);
        Assert.Empty(test.Listeners);
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
        gate.Set();
        Assert.Null(test.Ended);
        Assert.Empty(test.Listeners);
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
        Assert.Equal(1, recorder.Count);
    }

    [Fact]
    public async Task Terminating_signal_that_races_a_disposal_is_seen_or_raised_again_but_never_lost()
    {
        var (seen, raisedAgain) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            using var test = new TestSignalHub();
            var recorder = new Recorder<ShutdownSignal>();
            var subscription = test.Hub.Observe(SIGTERM).Subscribe(recorder);
            using var start = new Barrier(2);
            var raising = Task.Run(() =>
            {
                start.SignalAndWait();
                test.Raise(SIGTERM);
            }, TestContext.Current.CancellationToken);
            start.SignalAndWait();
            Thread.SpinWait(i % 500);
            subscription.Dispose();
            await raising;
            await Patience.UntilAsync(() => recorder.Count > 0 || test.Ended is not null, "the signal to be seen or raised again");
            Assert.Equal(1, recorder.Count + (test.Ended is null ? 0 : 1));
            seen += recorder.Count;
            raisedAgain += test.Ended is null ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seen {seen}, raised again {raisedAgain}");
    }
}
