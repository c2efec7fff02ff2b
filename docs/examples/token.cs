// A cancellation token that a signal cancels. The source says which signal it was.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;
using static SignalStreams.ShutdownSignal;

using var shutdown = Signals.CancelOn(SIGINT, SIGTERM);
Console.WriteLine($"pid {Environment.ProcessId}: working. Try: kill {Environment.ProcessId}");

try
{
    await WorkAsync(shutdown.Token);
}
catch (OperationCanceledException) when (shutdown.Delivery is { } delivery)
{
    Console.WriteLine($"stopped by {delivery}");
}

Console.WriteLine("cleaned up, goodbye");

static async Task WorkAsync(CancellationToken cancellationToken)
{
    while (true)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
    }
}
