using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>A real signal, from <c>kill</c> of the own process until an <c>await foreach</c> has seen it and the sender knows,
/// against a bare <see cref="PosixSignalRegistration"/> that writes into a bounded channel.</summary>
/// <remarks>The two run one after the other, each in a process of its own; <see cref="SignalLatency"/> alternates between them in one process.</remarks>
[MemoryDiagnoser]
public class RealSignalBenchmark
{
    private readonly SemaphoreSlim _seen = new(0);
    private SignalReceiver? _receiver;
    private BareListener? _bare;
    private Task _loop = Task.CompletedTask;

    [Params(SIGUSR1, SIGTERM)]
    public ShutdownSignal Signal { get; set; }

    [GlobalSetup(Target = nameof(BareRegistration))]
    public void OpenBare()
    {
        _bare = new BareListener(Signal);
        _loop = ReadAsync(_bare.ReadAllAsync());
    }

    [GlobalSetup(Target = nameof(Receiver))]
    public void OpenReceiver()
    {
        _receiver = Signals.OpenSignalReceiver(Signal);
        _loop = ReadAsync(_receiver.ReadDeliveriesAsync());
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _receiver?.Dispose();
        _bare?.Dispose();
        await _loop;
    }

    [Benchmark(Baseline = true)]
    public void BareRegistration() => RaiseAndWait();

    [Benchmark]
    public void Receiver() => RaiseAndWait();

    private void RaiseAndWait()
    {
        Signals.Raise(Signal);
        _seen.Wait();
    }

    private async Task ReadAsync(IAsyncEnumerable<SignalDelivery> deliveries)
    {
        await foreach (var _ in deliveries)
        {
            _seen.Release();
        }
    }
}
