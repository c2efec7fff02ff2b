using System.Diagnostics;

namespace SignalStreams.Benchmarks;

/// <summary>From <c>kill</c> of the own process to the body of an <c>await foreach</c>: a receiver against a bare registration with a channel.</summary>
internal sealed class SignalLatency
{
    private const int SignalsInBlock = 100;
    private const int WarmUpSignals = 5;

    // Everybody who waits is asleep by then, as for a signal in production.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _seen = new(0);
    private long _seenAt;

    public static async Task RunAsync()
    {
        var comparison = new Comparison(warmUpRounds: 10, rounds: 60, "us");
        comparison.Start("signal");
        foreach (var signal in new[] { SIGUSR1, SIGTERM })
        {
            await comparison.AddAsync(signal.GetName(),
                ("bare registration", () => new SignalLatency().MeasureBareAsync(signal)),
                ("receiver", () => new SignalLatency().MeasureReceiverAsync(signal)));
        }
    }

    private async Task<double[]> MeasureBareAsync(ShutdownSignal signal)
    {
        using var bare = new BareListener(signal);
        var loop = ReadAsync(bare.ReadAllAsync());
        var block = Measure(signal);
        bare.Dispose();
        await loop;
        return block;
    }

    private async Task<double[]> MeasureReceiverAsync(ShutdownSignal signal)
    {
        await using var receiver = Signals.OpenSignalReceiver(signal);
        var loop = ReadAsync(receiver.ReadDeliveriesAsync());
        var block = Measure(signal);
        receiver.Dispose();
        await loop;
        return block;
    }

    private double[] Measure(ShutdownSignal signal)
    {
        var block = new double[SignalsInBlock];
        for (var i = -WarmUpSignals; i < block.Length; i++)
        {
            Thread.Sleep(Gap);
            var start = Stopwatch.GetTimestamp();
            Signals.Raise(signal);
            _seen.Wait();
            if (i >= 0)
            {
                block[i] = Stopwatch.GetElapsedTime(start, _seenAt).TotalMicroseconds;
            }
        }

        return block;
    }

    private async Task ReadAsync(IAsyncEnumerable<SignalDelivery> deliveries)
    {
        await foreach (var _ in deliveries)
        {
            _seenAt = Stopwatch.GetTimestamp();
            _seen.Release();
        }
    }
}
