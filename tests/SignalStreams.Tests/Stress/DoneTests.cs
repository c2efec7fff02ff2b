namespace SignalStreams.Tests.Stress;

/// <summary>A receiver counts as done only when its reader has dealt with what arrived, and asks for more.</summary>
public sealed class DoneTests
{
    [Fact]
    public async Task Receiver_is_not_done_while_a_delivery_is_on_its_way_to_the_reader()
    {
        var rounds = Effort.Of(100_000, share: 50);
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        var listener = test.Hub.Router.Snapshot()[0].Listener;
        var handled = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var signal in receiver)
            {
                Volatile.Write(ref handled, handled + 1);
            }
        });

        var tooEarly = 0;
        for (var raised = 1; raised <= rounds; raised++)
        {
            test.Raise(SIGHUP);
            var limit = Environment.TickCount64 + (long)Patience.Limit.TotalMilliseconds;
            while (!listener.IsDone)
            {
                Assert.False(reading.IsCompleted);
                Assert.True(Environment.TickCount64 < limit, "The receiver is never done.");
            }

            // Looked at after the answer: what was done then is handled now.
            tooEarly += Volatile.Read(ref handled) == raised ? 0 : 1;
        }

        await receiver.DisposeAsync();
        await reading.WithLimit();
        Assert.Equal(0, tooEarly);
    }
}
