using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>Children that are started, wait once and are waited for: a task group against <see cref="Task.WhenAll(Task[])"/> over the same tasks.</summary>
[MemoryDiagnoser]
public class TaskGroupBenchmark
{
    [Params(1, 1000, 100_000, 1_000_000)]
    public int Children { get; set; }

    [Benchmark(Baseline = true)]
    public Task WhenAll()
    {
        var gate = new TaskCompletionSource();
        var tasks = new Task[Children];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = WaitAsync(gate.Task);
        }

        var all = Task.WhenAll(tasks);
        gate.SetResult();
        return all;
    }

    [Benchmark]
    public Task TaskGroupRun()
    {
        var gate = new TaskCompletionSource();
        return TaskGroup.RunAsync(group =>
        {
            for (var i = 0; i < Children; i++)
            {
                group.Start("child", _ => WaitAsync(gate.Task));
            }

            gate.SetResult();
            return Task.CompletedTask;
        });
    }

    private static async Task WaitAsync(Task gate) => await gate.ConfigureAwait(false);
}
