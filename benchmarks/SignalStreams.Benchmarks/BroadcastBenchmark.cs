using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace SignalStreams.Benchmarks;

/// <summary>One signal into the buffers of N receivers, against a loop of <c>TryWrite</c> into N bounded channels of the same element.</summary>
/// <remarks>
/// The time is that of one copy. Each iteration fills 1000 buffers with 64 signals each: one hub with 1000 receivers, or 1000 hubs with one.
/// The buffers are emptied between iterations, outside the measured part. Nobody waits: <see cref="WakeUpBenchmark"/> is for that.
/// </remarks>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Throughput, warmupCount: 30, iterationCount: 100, invocationCount: 1)]
public class BroadcastBenchmark
{
    private const int Buffers = 1000;
    private const int Signals = 64;

    private readonly List<ManualSource> _sources = [];
    private readonly List<SignalReceiver> _receivers = [];
    private readonly List<Channel<SignalDelivery>[]> _banks = [];
    private long _sequence;

    [Params(1, 10, 100, 1000)]
    public int Receivers { get; set; }

    [GlobalSetup]
    public void Open()
    {
        for (var bank = 0; bank < Buffers / Receivers; bank++)
        {
            var hub = ManualSource.NewHub(out var source);
            _sources.Add(source);
            _receivers.AddRange(Enumerable.Range(0, Receivers).Select(_ => hub.OpenSignalReceiver(SIGUSR1)));
            _banks.Add([.. Enumerable.Range(0, Receivers).Select(_ => Channel.CreateBounded<SignalDelivery>(Signals))]);
        }
    }

    [GlobalCleanup]
    public void Close() => _receivers.ForEach(receiver => receiver.Dispose());

    [IterationSetup]
    public void Drain()
    {
        foreach (var receiver in _receivers)
        {
            while (receiver.TryReceive(out _))
            {
            }
        }

        foreach (var channel in _banks.SelectMany(bank => bank))
        {
            while (channel.Reader.TryRead(out _))
            {
            }
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Buffers * Signals)]
    public void BareTryWrite()
    {
        foreach (var bank in _banks)
        {
            for (var signal = 0; signal < Signals; signal++)
            {
                var delivery = new SignalDelivery { Signal = SIGUSR1, Sequence = ++_sequence, Timestamp = 1, Count = 1 };
                foreach (var channel in bank)
                {
                    channel.Writer.TryWrite(delivery);
                }
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Buffers * Signals)]
    public void SignalStreams()
    {
        foreach (var source in _sources)
        {
            for (var signal = 0; signal < Signals; signal++)
            {
                source.Raise();
            }
        }
    }
}
