namespace SignalStreams.Tests.Stress;

/// <summary>Several readers of one receiver.</summary>
public sealed class ManyReadersTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Readers_that_wait_are_served_in_turn(int readers)
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(User1);
        Queue<Task<SignalDelivery>> waiting = new(Enumerable.Range(0, readers).Select(_ => ReadAsync(receiver)));
        for (var sequence = 1; sequence <= 20 * readers; sequence++)
        {
            test.Raise(User1);
            Assert.Equal(sequence, (await waiting.Dequeue().WithLimit()).Sequence);
            Assert.DoesNotContain(waiting, read => read.IsCompleted);
            waiting.Enqueue(ReadAsync(receiver));
        }
    }

    [Fact]
    public async Task Reader_that_begins_to_wait_as_a_signal_arrives_is_served()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(User1);
        using var duel = new Duel();
        var races = Effort.Of(50_000);
        for (var i = 0; i < races; i++)
        {
            var read = Task.FromResult(default(SignalDelivery));
            var isThereAtOnce = false;
            duel.Meet(
                () =>
                {
                    read = ReadAsync(receiver);
                    isThereAtOnce = read.IsCompleted;
                },
                () => test.Raise(User1));
            duel.Won(here: !isThereAtOnce);
            Assert.Equal(i + 1, (await read.WithLimit()).Sequence);
        }

        duel.AssertBothWon();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Burst_is_dealt_out_in_the_order_of_waiting(int readers)
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(User1);
        for (var round = 0; round < 200; round++)
        {
            Task<SignalDelivery>[] waiting = [.. Enumerable.Range(0, readers).Select(_ => ReadAsync(receiver))];
            for (var i = 0; i < readers; i++)
            {
                test.Raise(User1);
            }

            var read = await Task.WhenAll(waiting).WithLimit();
            Assert.Equal(Enumerable.Range(1, readers).Select(i => (long)((round * readers) + i)), read.Select(delivery => delivery.Sequence));
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public async Task Each_delivery_goes_to_exactly_one_of_the_loops(int readers, bool onThreadPool)
    {
        const int Writers = 4;
        var each = Effort.Of(20_000);
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(
            new SignalReceiverOptions { Capacity = Writers * each, RunContinuationsAsynchronously = onThreadPool }, User1);
        var seen = new int[(Writers * each) + 1];
        Task[] loops = [.. Enumerable.Range(0, readers).Select(i => LoopAsync(receiver, seen, i % 2 == 0))];
        await Storm.RunAsync(test.Hub, Writers, each, (_, i) => new SignalArrival(User1, i, default, IsQueued: false), TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => seen.Skip(1).All(count => count > 0), () => $"{seen.Skip(1).Count(count => count == 0)} were not read.");
        receiver.Dispose();
        await Task.WhenAll(loops).WithLimit();
        Assert.All(seen.Skip(1), count => Assert.Equal(1, count));
    }

    private static async Task LoopAsync(SignalReceiver receiver, int[] seen, bool enumerates)
    {
        if (enumerates)
        {
            await foreach (var delivery in receiver.ReadDeliveriesAsync())
            {
                Interlocked.Increment(ref seen[delivery.Sequence]);
            }

            return;
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (true)
            {
                var delivery = await receiver.ReceiveDeliveryAsync();
                Interlocked.Increment(ref seen[delivery.Sequence]);
            }
        });
    }

    private static Task<SignalDelivery> ReadAsync(SignalReceiver receiver) => receiver.ReceiveDeliveryAsync(TestContext.Current.CancellationToken).AsTask();
}
