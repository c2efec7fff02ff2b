namespace SignalStreams.Tests.Receivers;

public sealed class UnreadSignalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Unread_terminating_signal_is_raised_again_once_at_the_last_close()
    {
        using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGINT, User1);
        test.Raise(User1);
        test.Raise(SIGINT);
        test.Raise(SIGTERM);
        test.Raise(SIGINT);
        Assert.Null(test.Ended);
        receiver.Dispose();
        receiver.Dispose();
        Assert.Equal(SIGINT, test.Ended?.Signal);
        Assert.Equal([SIGINT], test.Unheard);
    }

    [Fact]
    public void Unread_signal_is_dropped_where_the_options_say_so()
    {
        using var test = new TestSignalHub();
        test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, SIGTERM).Dispose();
        using (test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, SIGTERM))
        {
            test.Raise(SIGTERM);
        }

        Assert.Null(test.Ended);
    }

    [Fact]
    public void Unread_signal_that_asks_for_no_end_is_dropped()
    {
        using var test = new TestSignalHub();
        ShutdownSignal[] signals = OperatingSystem.IsWindows() ? [User1] : [User1, SIGCHLD];
        using (test.Hub.OpenSignalReceiver(signals))
        {
            Array.ForEach(signals, signal => test.Raise(signal));
        }

        Assert.Empty(test.Unheard);
    }

    [Fact]
    public async Task Second_terminating_signal_is_not_raised_again_once_one_was_read()
    {
        await using var test = new TestSignalHub();
        await using (var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGINT))
        {
            test.Raise(SIGINT);
            await receiver.ReceiveAsync(Token).WithLimit();
            test.Raise(SIGINT);
            test.Raise(SIGTERM);
        }

        Assert.Null(test.Ended);
    }

    [Fact]
    public void Unread_signal_is_left_to_those_who_still_listen()
    {
        using var test = new TestSignalHub();
        using var other = test.Hub.OpenSignalReceiver(SIGTERM);
        using (test.Hub.OpenSignalReceiver(SIGTERM))
        {
            test.Raise(SIGTERM);
        }

        Assert.Null(test.Ended);
        Assert.True(other.TryReceive(out _));
        Assert.False(other.TryReceive(out _));
    }

    [Fact]
    public async Task Signal_handed_to_a_waiting_reader_counts_as_read()
    {
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        var read = receiver.ReceiveAsync(Token).AsTask();
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await read.WithLimit());
        receiver.Dispose();
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Closing_the_hub_raises_nothing_again()
    {
        var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        test.Dispose();
        receiver.Dispose();
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Failure_to_raise_again_does_not_escape_from_Dispose()
    {
        var source = new FailingRaiseSource();
        var hub = new SignalHub(source, new TestProcessExit(), TimeProvider.System);
        var receiver = hub.OpenSignalReceiver(SIGTERM);
        hub.Router.Record(new SignalArrival(SIGTERM, 0, default, IsQueued: false), out _);
        receiver.Dispose();
        Assert.Equal(1, source.Raised);
    }

    private sealed class FailingRaiseSource : ISignalSource
    {
        public int Raised { get; private set; }

        public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "fails to raise");

        public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

        public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink) => new RefusingSource(SIGKILL).Claim(@event, sink);

        public void Raise(ShutdownSignal signal)
        {
            Raised++;
            throw new System.ComponentModel.Win32Exception(1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hangup_that_was_read_swallows_a_later_signal_only_until_more_is_asked_for(bool asksForMore)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP is not among the signals that end a process there.");
        using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        if (asksForMore)
        {
            Assert.False(receiver.TryReceive(out _));
        }

        test.Raise(SIGTERM);
        receiver.Dispose();
        Assert.Equal(asksForMore ? SIGTERM : null, test.Ended?.Signal);
    }

    [Fact]
    public async Task Termination_that_was_read_swallows_later_ones_however_much_is_asked_for()
    {
        using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
        test.Raise(SIGTERM);
        test.Raise(SIGHUP);
        Assert.Equal(SIGTERM, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.False(receiver.TryReceive(out _));
        test.Raise(SIGTERM);
        receiver.Dispose();
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Hangup_that_is_left_unread_by_a_program_that_reloads_at_it_is_dropped()
    {
        using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.False(receiver.TryReceive(out _));
        test.Raise(SIGHUP);
        receiver.Dispose();
        Assert.Null(test.Ended);
    }
}
