using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>What protected blocks and exit handlers cost while nobody asks for the end.</summary>
[MemoryDiagnoser]
public class ShutdownBenchmark
{
    private ShutdownManager? _manager;
    private ShutdownProtection? _block;

    [GlobalSetup]
    public void Arm()
    {
        _manager = new SignalHub(new ManualSource(), new NoExit(), TimeProvider.System).ShutdownManager;
        _block = _manager.Enter();
    }

    [GlobalCleanup]
    public void Disarm() => _manager!.Close();

    [Benchmark(Baseline = true)]
    public IDisposable CancellationRegistration() => Register(_manager!.StoppingToken);

    [Benchmark]
    public void RegisterHandler() => _manager!.Register(static () => { }, name: "nothing").Dispose();

    [Benchmark]
    public void EnterBlock() => _manager!.Enter().Dispose();

    [Benchmark]
    public void AllowBreak() => _block!.AllowBreak();

    private static CancellationTokenRegistration Register(CancellationToken token)
    {
        var registration = token.UnsafeRegister(static _ => { }, null);
        registration.Dispose();
        return registration;
    }
}
