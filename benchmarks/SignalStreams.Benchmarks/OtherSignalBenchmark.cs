using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>A signal that does not ask for the end, to one receiver, with and without a manager that listens to those that do.</summary>
[MemoryDiagnoser]
public class OtherSignalBenchmark
{
    private readonly ManualSource _source = new();
    private SignalReceiver? _receiver;

    [GlobalSetup(Target = nameof(WithoutManager))]
    public void Open() => _receiver = NewHub().OpenSignalReceiver(SIGUSR1);

    [GlobalSetup(Target = nameof(WithManager))]
    public void OpenWithManager()
    {
        var hub = NewHub();
        hub.ShutdownManager.Register(static () => { });
        _receiver = hub.OpenSignalReceiver(SIGUSR1);
    }

    [Benchmark(Baseline = true)]
    public void WithoutManager() => RaiseAndTake();

    [Benchmark]
    public void WithManager() => RaiseAndTake();

    private void RaiseAndTake()
    {
        _source.Raise();
        _receiver!.TryReceive(out _);
    }

    private SignalHub NewHub() => new(_source, new NoExit(), TimeProvider.System);
}
