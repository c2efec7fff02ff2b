namespace SignalStreams.Tool;

/// <content>The end of a launch.</content>
internal sealed partial class LaunchRunner
{
    // After the last word: a process that SIGKILL does not end in this time hangs in the kernel.
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(long At, string Text)> _requests = [];
    private int? _exitCode;
    private bool _isKilled;

    /// <summary>Whether a stop has been asked for.</summary>
    public bool IsStopping => _stopRequested.Task.IsCompleted;

    /// <summary>Stops everything in order. The first request settles the exit code; later ones change nothing.</summary>
    public void RequestStop(string reason, int exitCode, bool isProblem = false)
    {
        int running;
        lock (_gate)
        {
            if (_exitCode is not null)
            {
                return;
            }

            _exitCode = exitCode;
            _requests.Add((_time.GetTimestamp(), reason));
            running = _runs.Values.Count(run => run is { Process: not null, EndedAt: null });
        }

        _observer.Message(running == 0 ? reason : $"{reason}: stopping {(running == 1 ? "the task that runs" : $"{running} tasks")}", isProblem);
        _stopRequested.TrySetResult();
        _stopping.Cancel();
        _observer.Changed();
    }

    /// <summary>Somebody asked once more: nobody waits for anybody, and each stop goes to its next step.</summary>
    public void Hurry(string reason)
    {
        TaskRun[] asked;
        lock (_gate)
        {
            _requests.Add((_time.GetTimestamp(), reason));
            asked = [.. _runs.Values.Where(run => run is { AskedAt: not null, EndedAt: null })];
        }

        _observer.Message($"{reason}: hurrying; once more kills everything at once");
        _hurried.TrySetResult();
        foreach (var run in asked)
        {
            _ = EscalateAsync(run);
        }
    }

    /// <summary>Kills all that is left.</summary>
    public void KillAll(string reason, int exitCode)
    {
        TaskRun[] running;
        lock (_gate)
        {
            _requests.Add((_time.GetTimestamp(), reason));
            _exitCode = exitCode;
            _isKilled = true;
            running = [.. _runs.Values.Where(run => run is { Process: not null, EndedAt: null })];
            foreach (var run in running)
            {
                run.WasKilled = true;
                run.Marks.Add((_time.GetTimestamp(), Kill));
            }
        }

        _observer.Message($"{reason}: killing everything", isProblem: true);
        _stopRequested.TrySetResult();
        _stopping.Cancel();
        _hurried.TrySetResult();
        foreach (var run in running)
        {
            run.Process!.Kill();
        }

        _ = Task.Delay(AbandonAfter, _time).ContinueWith(_ => _abandoned.Cancel(), TaskScheduler.Default);
    }

    // On Windows SIGKILL stands for the end of the process.
#pragma warning disable CA1416
    private const ShutdownSignal Kill = ShutdownSignal.SIGKILL;
#pragma warning restore CA1416

    private async Task StopTaskAsync(TaskRun run, ILaunchedProcess process, CancellationToken broken)
    {
        TaskRun[] dependants = [.. _runs.Values.Where(other => other.Task.DependsOn.Any(needed => needed.Name == run.Task.Name))];
        var waitsFor = dependants.Where(other => !other.Gone.Task.IsCompleted).Select(other => other.Task.Name);
        Set(run, LaunchState.Stopping, string.Join(", ", waitsFor) is { Length: > 0 } names ? $"after {names}" : "");
        Task pause;
        lock (_gate)
        {
            pause = run.Pause.Task;
        }

        // One that waits to be started again is needed by nobody any more, and must not be.
        await Task.WhenAny(Task.WhenAll(dependants.Select(other => other.Gone.Task)), process.Completion, _hurried.Task, pause).WaitAsync(broken).ConfigureAwait(false);
        if (process.Completion.IsCompleted)
        {
            return;
        }

        Task<StopOutcome> stop;
        bool isKilled;
        lock (_gate)
        {
            run.AskedAt = _time.GetTimestamp();
            run.Detail = "";
        }

        stop = process.StopAsync(run.Task.StopPlan, new Steps(this, run), _abandoned.Token);
        lock (_gate)
        {
            isKilled = _isKilled;
        }

        if (isKilled)
        {
            process.Kill();
        }

        StopOutcome? outcome = null;
        try
        {
            outcome = await stop.WaitAsync(broken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // What is left is told by its completion, or the lack of it.
        }

        lock (_gate)
        {
            run.Outcome = outcome;
            run.WasKilled |= outcome is { Result: StopResult.Killed };
        }

        if (outcome is { IsGone: true })
        {
            await ((Task)process.Completion).WaitAsync(_abandoned.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EscalateAsync(TaskRun run)
    {
        try
        {
            await run.Process!.StopAsync(run.Task.StopPlan, new Steps(this, run), _abandoned.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is OperationCanceledException or ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    private LaunchResult Result()
    {
        lock (_gate)
        {
            if (_requests.Count == 0)
            {
                // Nothing had to be stopped: the first in the file that failed speaks for all.
                var failed = _file.Tasks.Select(task => _runs[task.Name]).FirstOrDefault(run => run.ExitStatus is { IsSuccess: false });
                return new LaunchResult(failed?.ExitStatus?.ShellCode ?? ExitCode.Done, null);
            }

            var start = _requests[0].At;
            TimeSpan Since(long at) => at <= start ? TimeSpan.Zero : _time.GetElapsedTime(start, at);
            var isAlive = _runs.Values.Any(run => run is { State: LaunchState.Failed, Process: not null, ExitStatus: null });
            var timeline = new LaunchTimeline(
                _file.Name,
                _time.GetElapsedTime(start),
                [.. _requests.Select(request => new TimelineRequest(Since(request.At), request.Text))],
                [
                    .. _file.Tasks.Select(task => _runs[task.Name]).Where(run => run.EndedAt is null || run.EndedAt >= start).Select(run => new TimelineTask(
                        run.Task.Name,
                        run.AskedAt is { } asked ? Since(asked) : null,
                        run.Process is null || Fate(run) == TaskFate.StillAlive ? null : Since(run.EndedAt!.Value),
                        Fate(run),
                        run.ExitStatus,
                        [.. run.Marks.Select(mark => new TimelineMark(Since(mark.At), mark.Signal))])),
                ]);
            return new LaunchResult(_exitCode is null or ExitCode.Done && isAlive ? ExitCode.StillAlive : _exitCode ?? ExitCode.Done, timeline);
        }
    }

    private static TaskFate Fate(TaskRun run) => run switch
    {
        { Process: null } => TaskFate.NotStarted,
        { ExitStatus: null } => TaskFate.StillAlive,
        { WasKilled: true } => TaskFate.Killed,
        _ => TaskFate.Ended,
    };

    private sealed class Steps(LaunchRunner runner, TaskRun run) : IProgress<StopStep>
    {
        public void Report(StopStep value)
        {
            lock (runner._gate)
            {
                var now = runner._time.GetTimestamp();
                run.Step = (value, run.Step is { } last && last.Step.Number == value.Number ? last.At : now);
                run.Marks.Add((now, value.Step.Signal));
            }

            foreach (var failure in value.Failures)
            {
                runner._observer.Message($"task '{run.Task.Name}': {failure.Signal.GetName()} could not be sent to {failure.Process}: {failure.Outcome}", isProblem: true);
            }

            runner._observer.Changed();
        }
    }
}
