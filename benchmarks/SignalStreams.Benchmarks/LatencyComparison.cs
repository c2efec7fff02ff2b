using System.Diagnostics;

namespace SignalStreams.Benchmarks;

/// <summary>From <c>kill</c> of the own process to the body of the <c>await foreach</c>, ours and bare in turn in one process.</summary>
/// <remarks>Noise of the machine hits both alike, and a second bare listener shows how far the ratio strays by itself.</remarks>
internal sealed class LatencyComparison
{
    private const int Rounds = 40;
    private const int SignalsPerRound = 100;
    private const int WarmUpRounds = 3;

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _seen = new(0);
    private long _seenAt;

    public static async Task RunAsync()
    {
        Console.WriteLine("| signal | listener | p10 us | p50 us | p90 us | p99 us | ratio of p50 by round (10-90 %) |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var signal in new[] { SIGUSR1, SIGTERM })
        {
            await new LatencyComparison().CompareAsync(signal);
        }
    }

    private async Task CompareAsync(ShutdownSignal signal)
    {
        var names = new[] { "bare", "bare again", "SignalStreams" };
        var samples = names.Select(_ => new List<double[]>()).ToArray();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            var order = Enumerable.Range(0, names.Length).ToArray();
            Random.Shared.Shuffle(order);
            foreach (var which in order)
            {
                var block = which < 2 ? await MeasureBareAsync(signal) : await MeasureOursAsync(signal);
                if (round >= 0)
                {
                    samples[which].Add(block);
                }
            }
        }

        for (var which = 0; which < names.Length; which++)
        {
            var all = samples[which].SelectMany(block => block).Order().ToArray();
            var ratios = samples[which].Zip(samples[0], (block, bare) => Quantile.Of(block, 0.5) / Quantile.Of(bare, 0.5)).Order().ToArray();
            Console.WriteLine($"| {signal} | {names[which]} | {Quantile.Of(all, 0.1):F0} | {Quantile.Of(all, 0.5):F0} | {Quantile.Of(all, 0.9):F0} | {Quantile.Of(all, 0.99):F0}"
                + $" | {Quantile.Of(ratios, 0.5):F2} ({Quantile.Of(ratios, 0.1):F2}-{Quantile.Of(ratios, 0.9):F2}) |");
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

    private async Task<double[]> MeasureOursAsync(ShutdownSignal signal)
    {
        using var receiver = Signals.OpenSignalReceiver(signal);
        var loop = ReadAsync(receiver.ReadDeliveriesAsync());
        var block = Measure(signal);
        receiver.Dispose();
        await loop;
        return block;
    }

    private double[] Measure(ShutdownSignal signal)
    {
        var block = new double[SignalsPerRound];
        for (var i = -5; i < block.Length; i++)
        {
            // With a gap, so that everybody who waits is asleep, as for a signal in production.
            Thread.Sleep(Gap);
            var start = Stopwatch.GetTimestamp();
            Signals.Raise(signal);
            _seen.Wait();
            if (i >= 0)
            {
                block[i] = Stopwatch.GetElapsedTime(start, _seenAt).TotalMicroseconds;
            }
        }

        return [.. block.Order()];
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
