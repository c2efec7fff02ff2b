namespace SignalStreams.Tests.Stress;

public sealed class OrderTests
{
    private const int Writers = 4;
    private const int Each = 10_000;
    private const int Total = Writers * Each;

    private static readonly SignalReceiverOptions Roomy = new() { Capacity = Total };

    [Fact]
    public async Task Signals_from_many_threads_reach_every_receiver_in_one_order()
    {
        await using var test = new TestSignalHub();
        Consumer[] consumers = [.. Enumerable.Range(0, 8).Select(_ => new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP))];
        await Storm.RunAsync(test.Hub, Writers, Each, (writer, i) => new SignalArrival(writer % 2 == 0 ? SIGTERM : SIGHUP, i, default, IsQueued: false));
        foreach (var consumer in consumers)
        {
            await Patience.UntilAsync(() => consumer.Read == Total, () => $"{consumer.Read} of {Total} were read.");
            Assert.Equal(Enumerable.Range(1, Total).Select(i => (long)i), await consumer.EndAsync());
        }
    }

    [Fact]
    public async Task Receiver_that_opens_and_closes_in_between_sees_a_part_without_gaps()
    {
        await using var test = new TestSignalHub();
        using var anchor = new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP);
        var storm = Storm.RunAsync(test.Hub, Writers, Each, (_, i) => new SignalArrival(i % 2 == 0 ? SIGTERM : SIGHUP, i, default, IsQueued: false));
        var seen = 0;
        while (!storm.IsCompleted)
        {
            using var guest = new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP);
            await Patience.UntilAsync(() => guest.Read > 0 || storm.IsCompleted, () => "The guest was not served.");
            var sequences = await guest.EndAsync();
            Assert.All(sequences.Zip(sequences.Skip(1)), pair => Assert.Equal(pair.First + 1, pair.Second));
            seen += sequences.Count;
        }

        await storm;
        await Patience.UntilAsync(() => anchor.Read == Total, () => $"{anchor.Read} of {Total} were read.");
        Assert.Equal(Enumerable.Range(1, Total).Select(i => (long)i), await anchor.EndAsync());
        Assert.NotEqual(0, seen);
    }
}
