using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>How the end grows with what it has to do: handlers in a hundred phases, nested blocks. A process ends once, so each run has a manager of its own.</summary>
public class ShutdownScaleBenchmark
{
    private readonly Stack<ShutdownProtection> _blocks = new();
    private ShutdownManager? _manager;

    [Params(20, 200, 2000, 20_000)]
    public int Count { get; set; }

    [IterationSetup(Target = nameof(RunHandlers))]
    public void RegisterHandlers()
    {
        _manager = NewManager();
        for (var i = 0; i < Count; i++)
        {
            _manager.Register(static () => { }, new ExitPhase($"phase {i % 100}", i % 100), name: "nothing");
        }
    }

    [IterationSetup(Target = nameof(LeaveBlocks))]
    public void EnterBlocks()
    {
        _manager = NewManager();
        for (var i = 0; i < Count; i++)
        {
            _blocks.Push(_manager.Enter());
        }
    }

    [Benchmark]
    public void RunHandlers()
    {
        _manager!.RequestShutdown("measured");
        _manager.Completion.Wait();
    }

    [Benchmark]
    public void LeaveBlocks()
    {
        _manager!.RequestShutdown("measured");
        while (_blocks.TryPop(out var block))
        {
            block.Dispose();
        }

        _manager.Completion.Wait();
    }

    private static ShutdownManager NewManager()
    {
        var manager = new SignalHub(new ManualSource(), new NoExit(), TimeProvider.System).ShutdownManager;
        manager.Configure(o => o.RollbackTime = TimeSpan.Zero);
        return manager;
    }
}
