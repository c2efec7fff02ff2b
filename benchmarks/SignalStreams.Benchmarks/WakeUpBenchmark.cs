using System.Threading.Channels;
using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>One signal to N loops that wait for it, until the last one has seen it, against bare bounded channels with as many waiting loops.</summary>
/// <remarks>One signal follows the other at once, so that the pool, which runs the loops of the bare channels, is found spinning, while the
/// delivery threads of the library, which runs its own, have gone to sleep. <see cref="WakeUpLatency"/> leaves a gap.</remarks>
[MemoryDiagnoser]
public class WakeUpBenchmark
{
    private readonly SemaphoreSlim _allSaw = new(0);
    private readonly List<SignalReceiver> _receivers = [];
    private Channel<SignalDelivery>[] _channels = [];
    private Task[] _loops = [];
    private ManualSource? _source;
    private long _sequence;
    private int _left;

    [Params(1, 10, 100, 1000)]
    public int Receivers { get; set; }

    [GlobalSetup(Target = nameof(BareChannels))]
    public void OpenChannels()
    {
        _channels = [.. Enumerable.Range(0, Receivers).Select(_ => Channel.CreateBounded<SignalDelivery>(64))];
        _loops = [.. _channels.Select(channel => ReadAsync(channel.Reader.ReadAllAsync()))];
    }

    [GlobalSetup(Target = nameof(SignalStreams))]
    public void OpenReceivers()
    {
        var hub = ManualSource.NewHub(out _source);
        _receivers.AddRange(Enumerable.Range(0, Receivers).Select(_ => hub.OpenSignalReceiver(SIGUSR1)));
        _loops = [.. _receivers.Select(receiver => ReadAsync(receiver.ReadDeliveriesAsync()))];
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _receivers.ForEach(receiver => receiver.Dispose());
        Array.ForEach(_channels, channel => channel.Writer.Complete());
        await Task.WhenAll(_loops);
    }

    [Benchmark(Baseline = true)]
    public void BareChannels()
    {
        _left = Receivers;
        var delivery = new SignalDelivery { Signal = SIGUSR1, Sequence = ++_sequence, Timestamp = 1, Count = 1 };
        foreach (var channel in _channels)
        {
            channel.Writer.TryWrite(delivery);
        }

        _allSaw.Wait();
    }

    [Benchmark]
    public void SignalStreams()
    {
        _left = Receivers;
        _source!.Raise();
        _allSaw.Wait();
    }

    private async Task ReadAsync(IAsyncEnumerable<SignalDelivery> deliveries)
    {
        await foreach (var _ in deliveries)
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _allSaw.Release();
            }
        }
    }
}
