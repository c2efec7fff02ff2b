using BenchmarkDotNet.Attributes;

namespace SignalStreams.Benchmarks;

/// <summary>A time limit around an await that does not need it: a scope against a linked source and <see cref="CancellationTokenSource.CancelAfter(TimeSpan)"/>.</summary>
[MemoryDiagnoser]
public class ScopeBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _caller = new();

    [GlobalCleanup]
    public void Close() => _caller.Dispose();

    [Benchmark(Baseline = true)]
    public async Task LinkedSource()
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_caller.Token);
        linked.CancelAfter(Limit);
        await WorkAsync(linked.Token).ConfigureAwait(false);
    }

    [Benchmark]
    public async Task FailAfter() => await CancelScope.FailAfterAsync(Limit, static scope => WorkAsync(scope.Token), _caller.Token).ConfigureAwait(false);

    [Benchmark]
    public async Task MoveOnAfter() => await CancelScope.MoveOnAfterAsync(Limit, static scope => WorkAsync(scope.Token), _caller.Token).ConfigureAwait(false);

    private static async Task WorkAsync(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        await Task.Yield();
    }
}
