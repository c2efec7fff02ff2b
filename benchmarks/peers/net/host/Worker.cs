using Microsoft.Extensions.Hosting;

internal sealed class Worker(int tasks) : BackgroundService
{
    private static int StoppedCount;

    /// <summary>Signalled by each task that waits.</summary>
    public static CountdownEvent Started { get; set; } = null!;

    public static int Stopped => StoppedCount;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        tasks == 1 ? WaitAsync(stoppingToken) : Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => WaitAsync(stoppingToken)));

    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        Started.Signal();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref StoppedCount);
        }
    }
}
