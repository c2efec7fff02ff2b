namespace SignalStreams.Tests.Stress;

/// <summary>What a full buffer keeps, merges and loses.</summary>
public sealed class OverflowTests
{
    private static readonly SignalOrigin Queued = new() { Kind = SignalOriginKind.Queue };

    [Fact]
    public async Task Repeats_merge_into_the_earliest_of_their_kind_when_the_buffer_is_full()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 3 }, User1);
        Raise(test, User1, 6);
        Assert.Equal([(User1, 1, 4), (User1, 2, 1), (User1, 3, 1)], await ReadAsync(receiver, 3));
        Assert.Equal(3, receiver.Coalesced);
        Assert.Equal(0, receiver.Lost);
    }

    [Fact]
    public async Task Full_buffer_keeps_a_place_for_each_kind()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1 }, User1, User2, SIGHUP);
        Raise(test, User1, 3);
        Raise(test, User2, 2);
        Raise(test, SIGHUP, 1);
        Raise(test, User2, 1);
        Assert.Equal([(User1, 1, 3), (User2, 4, 3), (SIGHUP, 6, 1)], await ReadAsync(receiver, 3));
        Assert.False(receiver.TryReceive(out _));
        Assert.Equal(4, receiver.Coalesced);
        Assert.Equal(0, receiver.Lost);
    }

    [Fact]
    public async Task Coalescing_receiver_merges_however_much_room_there_is()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Coalesce = true }, User1, User2);
        Raise(test, User1, 1);
        Raise(test, User2, 2);
        Raise(test, User1, 4);
        Assert.Equal([(User1, 1, 5)], await ReadAsync(receiver, 1));
        Raise(test, User1, 1);
        Assert.Equal([(User2, 2, 2), (User1, 8, 1)], await ReadAsync(receiver, 2));
    }

    [Fact]
    public async Task Queued_signals_never_merge_and_those_beyond_their_limit_are_counted_as_lost()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1, QueuedCapacity = 3, Coalesce = true }, User1, User2);
        for (var value = 0; value < 10; value++)
        {
            test.Raise(User1, Queued with { Value = value });
        }

        // A kind of its own has a place of its own, and so have standard signals.
        test.Raise(User2, Queued with { Value = 10 });
        Raise(test, User1, 2);
        Assert.Equal(7, receiver.Lost);
        for (var i = 0; i < 3; i++)
        {
            var delivery = await receiver.ReceiveDeliveryAsync(TestContext.Current.CancellationToken);
            Assert.Equal((i, 1), (delivery.Origin.Value, delivery.Count));
        }

        Assert.Equal([(User2, 11, 1), (User1, 12, 2)], await ReadAsync(receiver, 2));
        Assert.Equal(1, receiver.Coalesced);
    }

    [Fact]
    public async Task Signal_removed_and_added_again_and_again_without_reading_is_counted_to_the_last()
    {
        const int Times = 2000;
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1, QueuedCapacity = 1 }, User1);
        for (var i = 0; i < Times; i++)
        {
            Raise(test, User1, 2);
            receiver.Remove(User1);
            receiver.Add(User1);
        }

        var read = 0;
        using var ended = new CancellationTokenSource();
        var reading = Task.Run(
            async () =>
            {
                await foreach (var delivery in receiver.ReadDeliveriesAsync(ended.Token))
                {
                    Interlocked.Add(ref read, delivery.Count);
                }
            },
            TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => Volatile.Read(ref read) + receiver.Lost >= 2 * Times, () => $"{read} read and {receiver.Lost} lost of {2 * Times}.");
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithLimit());
        Assert.Equal(2 * Times, read + receiver.Lost);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 8, true)]
    [InlineData(64, 64, false)]
    public async Task Million_signals_against_a_concurrent_reader_are_all_read_merged_or_lost(int capacity, int queuedCapacity, bool coalesce)
    {
        const int Writers = 4;
        var each = Effort.Of(250_000);
        await using var test = new TestSignalHub();
        var options = new SignalReceiverOptions { Capacity = capacity, QueuedCapacity = queuedCapacity, Coalesce = coalesce };
        using var consumer = new Consumer(test.Hub, options, User1, User2, SIGHUP);
        await Storm.RunAsync(test.Hub, Writers, each, (writer, i) => new SignalArrival(
            (writer + i) % 3 == 0 ? User2 : User1, i, default, IsQueued: i % 4 == 0), TestContext.Current.CancellationToken);
        await Patience.UntilAsync(
            () => consumer.Signals + consumer.Lost >= Writers * each,
            () => $"{consumer.Signals} read and {consumer.Lost} lost of {Writers * each}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{consumer.Read} deliveries for {consumer.Signals} signals, {consumer.Lost} lost");
        var sequences = await consumer.EndAsync();
        Assert.Equal(Writers * each, consumer.Signals + consumer.Lost);
        Assert.True(consumer.Read < consumer.Signals, "Nothing merged: the buffer was never full.");
        Assert.All(sequences.Zip(sequences.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    private static void Raise(TestSignalHub test, ShutdownSignal signal, int times)
    {
        for (var i = 0; i < times; i++)
        {
            test.Raise(signal);
        }
    }

    /// <summary>Reads exactly so many; each must be there.</summary>
    private static async Task<List<(ShutdownSignal Signal, long Sequence, int Count)>> ReadAsync(SignalReceiver receiver, int count)
    {
        List<(ShutdownSignal, long, int)> read = [];
        for (var i = 0; i < count; i++)
        {
            var delivery = await receiver.ReceiveDeliveryAsync(TestContext.Current.CancellationToken).WithLimit();
            read.Add((delivery.Signal, delivery.Sequence, delivery.Count));
        }

        return read;
    }
}
