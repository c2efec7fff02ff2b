namespace SignalStreams;

/// <summary>Which stops run now, so that a second call escalates the first instead of running beside it.</summary>
internal sealed class StopRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, RunningStop> _running = [];

    /// <summary>The one of this process.</summary>
    public static StopRegistry Shared { get; } = new();

    /// <summary>Begins a stop, or joins the one that runs for the same <see cref="IStopScope.Key"/> and moves it to its next step.</summary>
    /// <param name="scope">What is stopped. It is disposed here, when the stop is over, or at once when another runs.</param>
    /// <param name="plan">Is not looked at when another stop runs: that has its own.</param>
    /// <param name="progress">Is told of the steps; null for nobody.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting, and the stop when nobody else waits for it; nothing is sent after that.</param>
    public async Task<StopOutcome> StopAsync(IStopScope scope, StopPlan plan, IProgress<StopStep>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            scope.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        var key = scope.Key;
        var mine = new RunningStop(scope, plan, time);
        var stop = mine;
        lock (_gate)
        {
            if (_running.TryGetValue(key, out var other))
            {
                stop = other;
            }
            else
            {
                _running.Add(key, mine);
            }

            stop.Waiters++;
        }

        if (progress is not null)
        {
            stop.Engine.Tell(progress);
        }

        if (stop == mine)
        {
            stop.Start(() => Remove(key, stop));
        }
        else
        {
            scope.Dispose();
            stop.Engine.Escalate();
        }

        await stop.Completion.Ended().WaitAsync(cancellationToken).OnLibrary();
        if (!stop.Completion.IsCompleted)
        {
            if (Leave(key, stop))
            {
                stop.Cancel();

                // Whoever is told of the cancellation can rely on it that nothing is sent any more.
                await stop.Completion.OnLibrary();
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return await stop.Completion.ConfigureAwait(false);
    }

    /// <returns>Whether nobody waits any more; the stop is forgotten then.</returns>
    private bool Leave(object key, RunningStop stop)
    {
        lock (_gate)
        {
            if (--stop.Waiters > 0)
            {
                return false;
            }

            // In the same breath: nobody may join a stop that is about to be cancelled.
            Forget(key, stop);
            return true;
        }
    }

    private void Remove(object key, RunningStop stop)
    {
        lock (_gate)
        {
            Forget(key, stop);
        }
    }

    private void Forget(object key, RunningStop stop)
    {
        if (_running.TryGetValue(key, out var current) && current == stop)
        {
            _running.Remove(key);
        }
    }
}
