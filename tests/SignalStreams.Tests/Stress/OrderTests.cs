namespace SignalStreams.Tests.Stress;

public sealed class OrderTests
{
    private const int Writers = 4;
    private static readonly int Each = Effort.Of(10_000);
    private static readonly int Total = Writers * Each;

    private static readonly SignalReceiverOptions Roomy = new() { Capacity = Total };

    [Fact]
    public async Task Signals_from_many_threads_reach_every_receiver_in_one_order()
    {
        await using var test = new TestSignalHub();
        Consumer[] consumers = [.. Enumerable.Range(0, 8).Select(_ => new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP))];
        await Storm.RunAsync(test.Hub, Writers, Each, (writer, i) => new SignalArrival(writer % 2 == 0 ? SIGTERM : SIGHUP, i, default, IsQueued: false), TestContext.Current.CancellationToken);
        foreach (var consumer in consumers)
        {
            await Patience.UntilAsync(() => consumer.Read == Total, () => $"{consumer.Read} of {Total} were read.");
            Assert.Equal(Enumerable.Range(1, Total).Select(i => (long)i), await consumer.EndAsync());
        }
    }

    [Fact]
    public async Task Receiver_that_opens_and_closes_in_between_sees_a_part_without_gaps()
    {
        var guests = Effort.Of(200);
        await using var test = new TestSignalHub();
        using var anchor = new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP);
        using var stopped = new CancellationTokenSource();
        var raised = 0;
        var allowed = 0;
        var storm = Storm.RunAsync(test.Hub, Writers, int.MaxValue, (_, i) =>
        {
            // No more in one guest's time than a buffer holds: what merges would look like a gap.
            while (Volatile.Read(ref raised) >= Volatile.Read(ref allowed) && !stopped.IsCancellationRequested)
            {
                Thread.Yield();
            }

            Interlocked.Increment(ref raised);
            return new SignalArrival(i % 2 == 0 ? SIGTERM : SIGHUP, i, default, IsQueued: false);
        }, stopped.Token);
        for (var i = 0; i < guests; i++)
        {
            await Patience.UntilAsync(() => anchor.Read >= Volatile.Read(ref raised) - Writers, () => "The anchor was not served.");
            using var guest = new Consumer(test.Hub, Roomy, SIGTERM, SIGHUP);
            Volatile.Write(ref allowed, raised + (Total / 2));
            await Patience.UntilAsync(() => guest.Read > 1, () => "The guest was not served.");
            var sequences = await guest.EndAsync();
            Assert.All(sequences.Zip(sequences.Skip(1)), pair => Assert.Equal(pair.First + 1, pair.Second));
        }

        await stopped.CancelAsync();
        await storm.WithLimit();
        await Patience.UntilAsync(() => anchor.Read == raised, () => $"{anchor.Read} of {raised} were read.");
        Assert.Equal(Enumerable.Range(1, raised).Select(i => (long)i), await anchor.EndAsync());
    }
}
