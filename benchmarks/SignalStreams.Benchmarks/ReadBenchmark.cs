using System.Threading.Channels;
using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>One delivery written and read by <c>await foreach</c> on one thread, without waiting, against a bare bounded channel and <c>ReadAllAsync</c>.</summary>
[MemoryDiagnoser]
public class ReadBenchmark
{
    private readonly Channel<SignalDelivery> _channel = Channel.CreateBounded<SignalDelivery>(64);
    private readonly IAsyncEnumerator<SignalDelivery> _ofChannel;
    private readonly SignalReceiver _receiver;
    private readonly ManualSource _source;
    private readonly IAsyncEnumerator<SignalDelivery> _deliveries;
    private readonly IAsyncEnumerator<ShutdownSignal> _signals;
    private long _sequence;

    public ReadBenchmark()
    {
        _ofChannel = _channel.Reader.ReadAllAsync().GetAsyncEnumerator();
        _receiver = ManualSource.NewHub(out _source).OpenSignalReceiver(SIGUSR1);
        _deliveries = _receiver.ReadDeliveriesAsync().GetAsyncEnumerator();
        _signals = _receiver.GetAsyncEnumerator();
    }

    [GlobalCleanup]
    public void Close() => _receiver.Dispose();

    [Benchmark(Baseline = true)]
    public async ValueTask<long> BareReadAll()
    {
        _channel.Writer.TryWrite(new SignalDelivery { Signal = SIGUSR1, Sequence = ++_sequence, Timestamp = 1, Count = 1 });
        await _ofChannel.MoveNextAsync();
        return _ofChannel.Current.Sequence;
    }

    [Benchmark]
    public async ValueTask<long> Deliveries()
    {
        _source.Raise();
        await _deliveries.MoveNextAsync();
        return _deliveries.Current.Sequence;
    }

    [Benchmark]
    public async ValueTask<ShutdownSignal> Signals()
    {
        _source.Raise();
        await _signals.MoveNextAsync();
        return _signals.Current;
    }
}
