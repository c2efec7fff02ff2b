using Microsoft.Extensions.Hosting;

namespace SignalStreams.Hosting.Tests;

/// <summary>A service that does as a test says, and tells what was done with it.</summary>
internal sealed class Worker : IHostedService
{
    public Func<CancellationToken, Task> OnStart { get; init; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task> OnStop { get; init; } = _ => Task.CompletedTask;

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Stopping { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Started.TrySetResult();
        await OnStart(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Stopping.TrySetResult();
        await OnStop(cancellationToken);
    }
}
