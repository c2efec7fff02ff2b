namespace SignalStreams.Tests.Stress;

/// <summary>The thread of a system that ends the process when it returns is held until the listeners are done.</summary>
public sealed class HoldTests
{
    [Fact]
    public async Task Who_begins_to_listen_after_the_event_does_not_hold_it()
    {
        await using var test = new TestSignalHub();
        var told = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, SIGTERM);
        test.Raise(SIGTERM);
        using var token = test.Hub.CancelOn(SIGTERM);
        await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        Assert.False(test.Hub.Router.WaitUntilHandled(SIGTERM, TimeSpan.Zero));
        await told.DisposeAsync();
        Assert.True(test.Hub.Router.WaitUntilHandled(SIGTERM, TimeSpan.Zero));
    }

    [Fact]
    public async Task Hold_ends_as_the_listener_does_however_close_the_race()
    {
        await using var test = new TestSignalHub();
        using var duel = new Duel();
        var races = Effort.Of(10_000);
        for (var i = 0; i < races; i++)
        {
            var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, SIGTERM);
            test.Raise(SIGTERM);
            var handled = false;
            duel.Meet(() => handled = test.Hub.Router.WaitUntilHandled(SIGTERM, Patience.Limit), receiver.Dispose);
            Assert.True(handled, "The progress was not seen.");
        }
    }
}
