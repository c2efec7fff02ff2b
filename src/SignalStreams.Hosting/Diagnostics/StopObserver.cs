using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>Knows of the hosted services whose stop the host waits for, and writes those that nobody has written into the timeline.</summary>
/// <remarks>
/// The host tells nobody whose turn it is. One after the other they are stopped from the last to the first, so it is the turn of the last one that has not ended. Seen from outside
/// are the work of a background service and the calls of those that are ours or wrapped; of the others there are names only.
/// </remarks>
internal sealed class StopObserver(HostShutdown shutdown, IHostedService[] services, bool isConcurrent)
{
    private readonly Lock _gate = new();
    private readonly HashSet<IHostedService> _written = new(ReferenceEqualityComparer.Instance);
    private bool _isStopping;

    /// <summary>The host stops its services from now on.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        foreach (var service in services)
        {
            if (ProgressOf(service) is { } progress)
            {
                progress.Ended = Look;
            }
        }

        Look();
    }

    /// <summary>The services that may be what the host waits for, and cannot be seen.</summary>
    public string[] Unseen()
    {
        List<string> unseen = [];
        for (var i = services.Length - 1; i >= 0; i--)
        {
            var service = services[i];
            if (ProgressOf(service) is { } progress)
            {
                if (progress.IsCalled && !isConcurrent)
                {
                    // Those after it have been stopped.
                    unseen.Clear();
                }

                if (!progress.IsOver && !isConcurrent)
                {
                    // It is its turn, or has not come to it.
                    return progress.IsCalled ? [] : [.. unseen];
                }
            }
            else if (service is BackgroundService background)
            {
                if (background.ExecuteTask is { IsCompleted: false } && !isConcurrent)
                {
                    break;
                }
            }
            else if (service.GetType().Assembly != typeof(StopObserver).Assembly)
            {
                unseen.Add(service.GetType().Name);
            }
        }

        return [.. unseen];
    }

    private static StopProgress? ProgressOf(IHostedService service) => service switch
    {
        LimitedService { Inner: GracefulBackgroundService graceful } => graceful.StopProgress,
        LimitedService limited => limited.StopProgress,
        GracefulBackgroundService graceful => graceful.StopProgress,
        _ => null,
    };

    // Writes down the background services whose turn it is, as far as can be known.
    private void Look()
    {
        List<(string Name, Task Work)> begun = [];
        lock (_gate)
        {
            if (!_isStopping)
            {
                return;
            }

            for (var i = services.Length - 1; i >= 0; i--)
            {
                var service = services[i];
                if (ProgressOf(service) is { IsOver: false } && !isConcurrent)
                {
                    break;
                }

                if (ProgressOf(service) is null && service is BackgroundService { ExecuteTask: { IsCompleted: false } work })
                {
                    if (_written.Add(service))
                    {
                        begun.Add((service.GetType().Name, work));
                    }

                    if (!isConcurrent)
                    {
                        break;
                    }
                }
            }
        }

        foreach (var (name, work) in begun)
        {
            shutdown.Track(TimelineEntryKind.Child, name, Quiet(work));
            work.ContinueWith(_ => Look(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    // A background service that its own token has cancelled has stopped as it should.
    private static Task Quiet(Task work) => TaskEnd.Then(() => work, static ended => ended.IsFaulted ? ended : Task.CompletedTask);
}
