namespace SignalStreams;

/// <summary>Run after run of one supervised process: waits for the end of each, and starts the next.</summary>
/// <remarks>Starting and waiting happen outside of the lock of the state.</remarks>
internal sealed class SupervisionLoop
{
    // How long killed leftovers may take to be gone before the next step; one in an uninterruptible wait takes longer.
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<ProcessExitStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StartRequest _request;
    private readonly SupervisionSettings _settings;
    private readonly IProcessPlatform _platform;
    private readonly OutputCapture _output;
    private readonly OpenRuns _runs;
    private readonly StopsUnderWay _stops;

    /// <summary>Starts the first run; what goes wrong is thrown.</summary>
    public SupervisionLoop(StartRequest request, SupervisionSettings settings, SupervisionParts parts, OutputCapture output, OpenRuns runs, StopsUnderWay stops)
    {
        _request = request;
        _settings = settings;
        _platform = parts.Platform;
        _output = output;
        _runs = runs;
        _stops = stops;
        var run = StartRun();
        _runs.Add(run);
        _output.Begin(run);
        State = new SupervisionState(run, new RestartSchedule(settings.Restart, parts.Random));
    }

    public SupervisionState State { get; }

    /// <summary>Completes with the last exit status when it is over; fails with what the last start threw when that is why.</summary>
    public Task<ProcessExitStatus> Completion => _completion.Task;

    /// <summary>Goes on until it is over.</summary>
    public async Task RunAsync()
    {
        try
        {
            var next = await WatchAsync(State.Run).ResultOnLibrary();
            while (next is { } pause)
            {
                next = await WaitAsync(pause).ResultOnLibrary() ? await RestartAsync().ResultOnLibrary() : null;
            }
        }
#pragma warning disable CA1031 // Whatever the platform throws, whoever waits must not wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
        }
    }

    /// <summary>Waits for the end of all that was killed, for two seconds at most.</summary>
    public Task WaitForKilledAsync() => WaitAtMostAsync(_completion.Task);

    /// <summary>Waits for the end of a run.</summary>
    /// <returns>After how long the next one begins; null when it is over.</returns>
    private async Task<TimeSpan?> WatchAsync(ProcessRun run)
    {
        var status = await run.Child.Exit.ResultOnLibrary();
        var pause = State.EndRun(status, _settings.Time.GetElapsedTime(run.StartedAt));
        await EndLeftoversAsync(run).ResultOnLibrary();
        if (State.TryPause(pause))
        {
            return pause;
        }

        End(error: null);
        return null;
    }

    private async Task EndLeftoversAsync(ProcessRun run)
    {
        if (_settings.Leftovers == LeftoverPolicy.Keep)
        {
            return;
        }

        // While a stop is under way, descendants have the time that its plan gives them.
        await Task.WhenAny(_stops.WhenEnded(), run.Child.Gone.Ended()).OnLibrary();
        run.Child.KillAll();
        await WaitAtMostAsync(run.Child.Gone).ResultOnLibrary();
    }

    private async Task WaitAtMostAsync(Task task) =>
        await task.Ended().WaitAsync(LeftoverPatience, _settings.Time).OnLibrary();

    /// <returns>False when it is over.</returns>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        using (var ended = new CancellationTokenSource())
        {
            var delay = Task.Delay(pause, _settings.Time, ended.Token);
            await Task.WhenAny(delay, State.StopRequested).OnLibrary();

            // CancelAsync would go through the pool; what is called here is the delay alone.
#pragma warning disable CA1849
            ended.Cancel();
#pragma warning restore CA1849
        }

        if (State.TryBeginStart())
        {
            return true;
        }

        End(error: null);
        return false;
    }

    private async Task<TimeSpan?> RestartAsync()
    {
        ProcessRun? run = null;
        Exception? error = null;
        try
        {
            run = StartRun();
        }
#pragma warning disable CA1031 // A failed start is a failed run: told as an event, and tried again by the policy.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        return run is null ? AfterFailedStart(error!) : await AfterStartAsync(run).ResultOnLibrary();
    }

    private Task<TimeSpan?> AfterStartAsync(ProcessRun run)
    {
        // First: whoever is told that it runs, and asks for its output, is to get that of this run.
        _output.Begin(run);
        _runs.Add(run);
        var (previous, isKilled) = State.EndStart(run);
        _ = _runs.RetireAsync(previous, run.Child.Exit);
        if (isKilled)
        {
            run.Child.KillAll();
        }

        return WatchAsync(run);
    }

    private TimeSpan? AfterFailedStart(Exception error)
    {
        var pause = State.FailStart(error);
        if (pause is null)
        {
            // Who asked for a stop has it; otherwise this is why it is over.
            End(State.WasStopped ? null : error);
        }

        return pause;
    }

    private void End(Exception? error)
    {
        var starting = State.End(error);
        _output.End();
        if (error is null)
        {
            _completion.TrySetResult(State.LastStatus);
        }
        else if (_completion.TrySetException(error))
        {
            // The event has told it: who never asks for the completion has not missed it.
            _ = _completion.Task.Exception;
        }

        starting?.SetResult();
    }

    private ProcessRun StartRun()
    {
        var child = _platform.Start(_request.Resolve());
        if (_settings.ClosesInput)
        {
            child.Input?.Dispose();
        }

        return new ProcessRun(child, _settings.Time.GetTimestamp());
    }
}
