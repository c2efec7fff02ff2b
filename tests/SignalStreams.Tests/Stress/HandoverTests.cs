namespace SignalStreams.Tests.Stress;

/// <summary>A signal between two listeners: the one who closes has not acted on it, the one who opened does not know of it.</summary>
public sealed class HandoverTests
{
    [Fact]
    public async Task Signal_left_unread_reaches_a_receiver_that_opened_after_it_arrived()
    {
        await using var test = new TestSignalHub();
        var first = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        await using var second = test.Hub.OpenSignalReceiver(SIGTERM);
        first.Dispose();
        Assert.True(second.TryReceive(out var signal));
        Assert.Equal(SIGTERM, signal);
        Assert.False(second.TryReceive(out _));
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Signal_left_unread_is_not_raised_again_to_a_receiver_that_was_given_it()
    {
        await using var test = new TestSignalHub();
        await using var second = test.Hub.OpenSignalReceiver(SIGTERM);
        var first = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        first.Dispose();
        Assert.True(second.TryReceive(out _));
        Assert.False(second.TryReceive(out _));
    }

    [Fact]
    public async Task Signal_left_unread_by_all_who_were_given_it_is_raised_again_once()
    {
        await using var test = new TestSignalHub();
        var first = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        var second = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        Assert.True(first.Remove(SIGTERM));
        second.Dispose();
        first.Dispose();
        Assert.Equal([SIGTERM], test.Unheard);
    }

    [Fact]
    public async Task Signal_left_unread_that_was_removed_meanwhile_is_raised_again()
    {
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        test.Raise(SIGTERM);
        receiver.Remove(SIGTERM);
        Assert.Empty(test.Unheard);
        receiver.Dispose();
        Assert.Equal([SIGTERM], test.Unheard);
    }

    [Fact]
    public async Task Signal_to_a_link_whose_source_is_gone_has_its_default_effect()
    {
        await using var test = new TestSignalHub();
        var source = new CancellationTokenSource();
        using var link = test.Hub.CancelOn(source, [SIGTERM]);
        source.Dispose();
        test.Raise(SIGTERM);
        Assert.Equal(TestProcessEndCause.NobodyListened, (await test.WaitForEndAsync(cancellationToken: TestContext.Current.CancellationToken)).Cause);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Signal_that_arrives_while_opening_fails_is_raised_again()
    {
        var source = new HookedSource(RefuseSecond);
        var hub = new SignalHub(source, new TestProcessExit(), TimeProvider.System);
        Assert.Throws<PlatformNotSupportedException>(() => hub.OpenSignalReceiver(SIGTERM, User2));
        Assert.Throws<PlatformNotSupportedException>(() => hub.CancelOn(SIGTERM, User2));
        Assert.Throws<PlatformNotSupportedException>(() => hub.OnShutdown(_ => { }, SIGTERM, User2));
        Assert.Equal([SIGTERM, SIGTERM, SIGTERM], source.Raised);
        AssertNothingIsOpen(source, hub);
    }

    [Fact]
    public async Task Signal_that_arrives_while_adding_another_fails_can_be_read()
    {
        var hub = new SignalHub(new HookedSource(RefuseSecond), new TestProcessExit(), TimeProvider.System);
        await using var receiver = hub.OpenSignalReceiver(SIGTERM);
        Assert.Throws<PlatformNotSupportedException>(() => receiver.Add(User2));
        Assert.Equal([SIGTERM], receiver.Subscribed);
        Assert.True(receiver.TryReceive(out var signal));
        Assert.Equal(SIGTERM, signal);
    }

    [Fact]
    public void Signal_that_arrives_while_a_receiver_that_closes_adds_it_is_raised_again()
    {
        SignalReceiver? receiver = null;
        var source = new HookedSource((signal, sink) =>
        {
            if (signal == SIGTERM)
            {
                receiver!.Dispose();
                sink.Record(new SignalArrival(SIGTERM, 1, default, IsQueued: false), out _);
            }
        });
        var hub = new SignalHub(source, new TestProcessExit(), TimeProvider.System);
        receiver = hub.OpenSignalReceiver(SIGHUP);
        Assert.Throws<ObjectDisposedException>(() => receiver.Add(SIGTERM));
        Assert.Equal([SIGTERM], source.Raised);
        AssertNothingIsOpen(source, hub);
    }

    [Fact]
    public async Task Receivers_that_add_as_they_close_leave_nothing_open()
    {
        await using var test = new TestSignalHub();
        using var duel = new Duel();
        var races = Effort.Of(10_000);
        for (var i = 0; i < races; i++)
        {
            var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            Exception? refused = null;
            duel.Meet(receiver.Dispose, () => refused = Record.Exception(() => receiver.Add(SIGTERM)));
            duel.Won(here: refused is ObjectDisposedException);
            Assert.True(refused is null or ObjectDisposedException, refused?.ToString());
            Assert.Empty(test.Listeners);
        }

        duel.AssertBothWon();
    }

    private static void RefuseSecond(ShutdownSignal signal, ISignalSink sink)
    {
        if (signal == User2)
        {
            Assert.True(sink.Record(new SignalArrival(SIGTERM, 1, default, IsQueued: false), out _));
            throw new PlatformNotSupportedException("The system refuses the signal.");
        }
    }

    private static void AssertNothingIsOpen(HookedSource source, SignalHub hub)
    {
        Assert.Empty(source.Claimed);
        Assert.Empty(hub.Router.Snapshot());
    }
}
