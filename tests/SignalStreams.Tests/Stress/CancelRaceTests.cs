namespace SignalStreams.Tests.Stress;

/// <summary>A wait is cancelled at the moment when a signal arrives: the reader gets it, or it is there for the next read, and never both or neither.</summary>
public sealed class CancelRaceTests
{
    private static readonly int Races = Effort.Of(10_000);

    [Theory]
    [InlineData(ReadWay.Receive)]
    [InlineData(ReadWay.ReceiveDelivery)]
    [InlineData(ReadWay.Enumerate)]
    [InlineData(ReadWay.EnumerateDeliveries)]
    public async Task Reader_cancelled_as_a_signal_arrives_neither_loses_nor_doubles_it(ReadWay way)
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(User1);
        using var duel = new Duel();
        for (var i = 0; i < Races; i++)
        {
            using var cts = new CancellationTokenSource();
            var read = receiver.ReadOneAsync(way, cts.Token);
            duel.Meet(cts.Cancel, () => test.Raise(User1));
            duel.Won(here: !await IsReadOnceAsync(receiver, read));
        }

        duel.AssertBothWon();
    }

    [Fact]
    public async Task Receiver_cancelled_as_a_signal_arrives_neither_loses_nor_doubles_it()
    {
        await using var test = new TestSignalHub();
        using var duel = new Duel();
        for (var i = 0; i < Races; i++)
        {
            using var cts = new CancellationTokenSource();
            await using var receiver = test.Hub.OpenSignalReceiver([User1], cts.Token);
            var read = receiver.ReadOneAsync((ReadWay)(i % 4), TestContext.Current.CancellationToken);
            duel.Meet(cts.Cancel, () => test.Raise(User1));
            duel.Won(here: !await IsReadOnceAsync(receiver, read));
        }

        duel.AssertBothWon();
        Assert.Empty(test.Unheard);
    }

    [Fact]
    public async Task Both_tokens_cancelled_as_a_signal_arrives_neither_lose_nor_double_it()
    {
        await using var test = new TestSignalHub();
        using var duel = new Duel();
        for (var i = 0; i < Races; i++)
        {
            using var ofReader = new CancellationTokenSource();
            using var ofReceiver = new CancellationTokenSource();
            await using var receiver = test.Hub.OpenSignalReceiver([User1], ofReceiver.Token);
            var read = receiver.ReceiveAsync(ofReader.Token).AsTask();
            duel.Meet(i % 2 == 0 ? ofReader.Cancel : ofReceiver.Cancel, () =>
            {
                test.Raise(User1);
                (i % 2 == 0 ? ofReceiver : ofReader).Cancel();
            });
            duel.Won(here: !await IsReadOnceAsync(receiver, Nullable(read)));
        }

        duel.AssertBothWon();
    }

    [Fact]
    public async Task Of_two_waits_of_which_the_first_is_cancelled_as_a_signal_arrives_one_gets_it()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(User1);
        using var duel = new Duel();
        for (var i = 0; i < Races; i++)
        {
            using var cts = new CancellationTokenSource();
            var first = receiver.ReceiveAsync(cts.Token).AsTask();
            var second = receiver.ReceiveAsync(TestContext.Current.CancellationToken).AsTask();
            duel.Meet(cts.Cancel, () => test.Raise(User1));
            try
            {
                await first.WithLimit();
                Assert.False(second.IsCompleted);
                test.Raise(User1);
                duel.Won(here: false);
            }
            catch (OperationCanceledException)
            {
                duel.Won(here: true);
            }

            Assert.Equal(User1, await second.WithLimit());
            Assert.False(receiver.TryReceive(out _));
        }

        duel.AssertBothWon();
    }

    private static async Task<bool> IsReadOnceAsync(SignalReceiver receiver, Task<ShutdownSignal?> read)
    {
        var isRead = true;
        try
        {
            Assert.Equal(User1, await read.WithLimit());
        }
        catch (OperationCanceledException)
        {
            isRead = false;
            Assert.True(receiver.TryReceive(out var signal), "The cancelled wait lost the signal.");
            Assert.Equal(User1, signal);
        }

        Assert.False(receiver.TryReceive(out _), "The signal came twice.");
        return isRead;
    }

    private static async Task<ShutdownSignal?> Nullable(Task<ShutdownSignal> read) => await read;
}
