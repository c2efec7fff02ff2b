using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>Opening and closing a receiver: alone on its signal, as one more on a signal that is claimed already, and with no operating system.</summary>
[MemoryDiagnoser]
public class OpenCloseBenchmark
{
    private readonly SignalHub _manual = ManualSource.NewHub(out _);
    private SignalReceiver? _first;

    [GlobalSetup(Target = nameof(ReceiverOnClaimedSignal))]
    public void Claim() => _first = Signals.OpenSignalReceiver(SIGUSR1);

    [GlobalCleanup(Target = nameof(ReceiverOnClaimedSignal))]
    public void GiveBack() => _first!.Dispose();

    [Benchmark(Baseline = true)]
    public void BareRegistration() => PosixSignalRegistration.Create(SIGUSR1.ToPosixSignal(), static _ => { }).Dispose();

    [Benchmark]
    public void Receiver() => Signals.OpenSignalReceiver(SIGUSR1).Dispose();

    [Benchmark]
    public void ReceiverOnClaimedSignal() => Signals.OpenSignalReceiver(SIGUSR1).Dispose();

    [Benchmark]
    public void ReceiverWithoutSystem() => _manual.OpenSignalReceiver(SIGUSR1).Dispose();
}
