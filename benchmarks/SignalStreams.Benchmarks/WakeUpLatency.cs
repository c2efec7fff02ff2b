using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace SignalStreams.Benchmarks;

/// <summary>From one signal, raised by hand, until the last of N waiting loops has seen it: receivers against bare channels.</summary>
/// <remarks>With a gap between signals, so that every thread is asleep. <see cref="WakeUpBenchmark"/> has none, and there the pool's threads
/// are found still spinning.</remarks>
internal sealed class WakeUpLatency
{
    private const int SignalsInBlock = 20;

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(2);

    private readonly int _readers;
    private readonly SemaphoreSlim _allSaw = new(0);
    private readonly Channel<SignalDelivery>[] _channels;
    private readonly ManualSource _source;
    private readonly List<SignalReceiver> _receivers;
    private int _left;
    private long _lastSawAt;

    private WakeUpLatency(int readers)
    {
        _readers = readers;
        _channels = [.. Enumerable.Range(0, readers).Select(_ => Channel.CreateBounded<SignalDelivery>(64))];
        var hub = ManualSource.NewHub(out _source);
        _receivers = [.. Enumerable.Range(0, readers).Select(_ => hub.OpenSignalReceiver(SIGUSR1))];
        foreach (var deliveries in _channels.Select(channel => channel.Reader.ReadAllAsync()).Concat(_receivers.Select(receiver => receiver.ReadDeliveriesAsync())))
        {
            _ = ReadAsync(deliveries);
        }
    }

    public static async Task RunAsync()
    {
        var comparison = new Comparison(warmUpRounds: 10, rounds: 40, "us");
        comparison.Start("waiting readers");
        foreach (var readers in new[] { 1, 10, 100, 1000 })
        {
            var both = new WakeUpLatency(readers);
            await comparison.AddAsync(readers.ToString(CultureInfo.InvariantCulture),
                ("bare channels", () => Task.FromResult(both.Measure(both.WriteToChannels))),
                ("receivers", () => Task.FromResult(both.Measure(both._source.Raise))));
            both.Close();
        }
    }

    private void Close()
    {
        Array.ForEach(_channels, channel => channel.Writer.Complete());
        _receivers.ForEach(receiver => receiver.Dispose());
    }

    private double[] Measure(Action raise)
    {
        var block = new double[SignalsInBlock];
        for (var i = 0; i < block.Length; i++)
        {
            Thread.Sleep(Gap);
            _left = _readers;
            var start = Stopwatch.GetTimestamp();
            raise();
            _allSaw.Wait();
            block[i] = Stopwatch.GetElapsedTime(start, _lastSawAt).TotalMicroseconds;
        }

        return block;
    }

    private void WriteToChannels()
    {
        var delivery = new SignalDelivery { Signal = SIGUSR1, Sequence = 1, Timestamp = 1, Count = 1 };
        foreach (var channel in _channels)
        {
            channel.Writer.TryWrite(delivery);
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<SignalDelivery> deliveries)
    {
        await foreach (var _ in deliveries)
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _lastSawAt = Stopwatch.GetTimestamp();
                _allSaw.Release();
            }
        }
    }
}
