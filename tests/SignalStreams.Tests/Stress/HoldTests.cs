namespace SignalStreams.Tests.Stress;

/// <summary>The thread of a system that ends the process when it returns is held until the listeners are done.</summary>
public sealed class HoldTests
{
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
