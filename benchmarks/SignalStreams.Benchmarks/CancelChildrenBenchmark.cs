using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace SignalStreams.Benchmarks;

/// <summary>Children that wait for a token are cancelled and waited for: a task group against a bare source and <see cref="Task.WhenAll(Task[])"/>.</summary>
/// <remarks>Starting them is outside of what is measured.</remarks>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Throughput, warmupCount: 5, iterationCount: 20, invocationCount: 1)]
public class CancelChildrenBenchmark
{
    private CancellationTokenSource _source = new();
    private Task _all = Task.CompletedTask;
    private TaskGroup? _group;
    private Task _run = Task.CompletedTask;

    [Params(100_000)]
    public int Children { get; set; }

    [IterationSetup(Target = nameof(BareSource))]
    public void StartTasks()
    {
        _source = new CancellationTokenSource();
        var tasks = new Task[Children];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = WaitAsync(_source.Token);
        }

        _all = Task.WhenAll(tasks);
    }

    [IterationSetup(Target = nameof(TaskGroupCancel))]
    public void StartGroup() => _run = TaskGroup.RunAsync(group =>
    {
        _group = group;
        for (var i = 0; i < Children; i++)
        {
            group.Start("child", WaitAsync);
        }

        return Task.CompletedTask;
    });

    [Benchmark(Baseline = true)]
    public void BareSource()
    {
        _source.Cancel();
        ((IAsyncResult)_all).AsyncWaitHandle.WaitOne();
    }

    [Benchmark]
    public void TaskGroupCancel()
    {
        _group!.Cancel();
        ((IAsyncResult)_run).AsyncWaitHandle.WaitOne();
    }

    // Ends where it is cancelled, without an exception on the way: throwing a hundred thousand would hide what is compared.
    private static Task WaitAsync(CancellationToken token)
    {
        var wait = new TaskCompletionSource();
        token.UnsafeRegister(static (wait, token) => ((TaskCompletionSource)wait!).TrySetCanceled(token), wait);
        return wait.Task;
    }
}
