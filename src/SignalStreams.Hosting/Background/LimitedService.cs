using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Somebody else's hosted service, with a limit for its stop.</summary>
/// <remarks>A background service itself, since the host watches the work of those; of one that is none it has no work to show.</remarks>
internal sealed class LimitedService(IHostedService inner, TimeSpan limit, HostShutdown? shutdown, ILogger? logger) : BackgroundService, IHostedLifecycleService
{
    // For what was cancelled at its limit.
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = shutdown?.Time ?? TimeProvider.System;

    public IHostedService Inner => inner;

    public StopProgress StopProgress { get; } = new();

    public override Task? ExecuteTask => (inner as BackgroundService)?.ExecuteTask;

    public override Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => (inner as IHostedLifecycleService)?.StartingAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => (inner as IHostedLifecycleService)?.StartedAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => (inner as IHostedLifecycleService)?.StoppingAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => (inner as IHostedLifecycleService)?.StoppedAsync(cancellationToken) ?? Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        StopProgress.Called();
        try
        {
            using var passed = new CancellationTokenSource(limit, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, passed.Token);
            var token = both.Token;

            // Off this thread: one that blocks is to be given up too.
            var stop = Task.Run(() => EndAsync(token), CancellationToken.None);
            var name = inner is GracefulBackgroundService graceful ? graceful.Name : inner.GetType().Name;

            // One of ours has an entry already, from when it was asked.
            var entry = inner is GracefulBackgroundService ? null : shutdown?.Track(TimelineEntryKind.Child, name, stop, limit == Timeout.InfiniteTimeSpan ? null : limit);
            await stop.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCompleted)
            {
                await stop.WaitAsync(CleanUpTime, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (stop.IsCompleted)
            {
                await stop.ConfigureAwait(false);
                return;
            }

            if (entry is not null)
            {
                shutdown!.GiveUp(entry);
            }

            // What it throws later is nobody's.
            _ = stop.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (passed.IsCancellationRequested)
            {
                logger?.GivenUp(name, ShutdownTimelineEntry.Seconds(limit));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its limit cancelled it, and it ended for that: nothing that the host should hear of.
        }
        finally
        {
            StopProgress.Over();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        await inner.StopAsync(cancellationToken).ConfigureAwait(false);

        // A background service returns when its time is over, whether its work has ended or not.
        if (inner is BackgroundService { ExecuteTask: { } work })
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
