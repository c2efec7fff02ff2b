using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Starts the tasks of a launch in the order of their dependencies, and stops them in the reverse order.</summary>
// A late signal may still come when it is over: what it would dispose of has no handle of the system's.
#pragma warning disable CA1001
internal sealed partial class LaunchRunner
#pragma warning restore CA1001
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommandEvery = TimeSpan.FromMilliseconds(500);

    // What a task wrote is in the pipe when it ends; whoever does not take it within this time does not want it.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly LaunchFile _file;
    private readonly IProcessStarter _starter;
    private readonly IReadinessChecks _checks;
    private readonly ILaunchObserver _observer;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, TaskRun> _runs;
    private readonly Lock _gate = new();

    public LaunchRunner(LaunchFile file, IProcessStarter starter, IReadinessChecks checks, ILaunchObserver observer, TimeProvider time)
    {
        _file = file;
        _starter = starter;
        _checks = checks;
        _observer = observer;
        _time = time;
        _runs = file.Tasks.ToDictionary(task => task.Name, task => new TaskRun(task), StringComparer.Ordinal);
    }

    /// <summary>Runs the launch to its end: until a stop is asked for, a task ends it, or none is left.</summary>
    public async Task<LaunchResult> RunAsync()
    {
        await TaskGroup.RunAsync(group =>
        {
            foreach (var run in _runs.Values)
            {
                group.Start(run.Task.Name, token => RunTaskAsync(run, token));
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return Result();
    }

    /// <summary>All tasks as they are now, in the order of the file.</summary>
    public IReadOnlyList<TaskView> Views()
    {
        lock (_gate)
        {
            return [.. _file.Tasks.Select(task => View(_runs[task.Name]))];
        }
    }

    private TaskView View(TaskRun run)
    {
        var isAlive = run.Process is not null && run.State is LaunchState.Starting or LaunchState.Running or LaunchState.Stopping && run.ExitStatus is null && run.EndedAt is null;
        TaskStopView? stop = null;
        if (run is { Step: var (step, at), EndedAt: null })
        {
            var steps = run.Task.StopPlan.Steps;
            StopPlanStep? next = step.Number + 1 < steps.Count ? steps[step.Number + 1] : null;
            TimeSpan? left = step.Step.Patience == Timeout.InfiniteTimeSpan ? null : step.Step.Patience - _time.GetElapsedTime(at);
            stop = new TaskStopView(step.Step.Signal, step.Attempt, next?.Signal, left < TimeSpan.Zero ? TimeSpan.Zero : left, step.Remaining);
        }

        return new TaskView(
            run.Task.Name, run.State, Detail(run), isAlive ? run.Process!.Id : null, run.Process?.Restarts ?? 0, isAlive ? _time.GetElapsedTime(run.StartedAt) : null, run.LastLine, stop);
    }

    private string Detail(TaskRun run)
    {
        if (run.StartsIn is not var (pause, since))
        {
            return run.Detail;
        }

        var left = Math.Max(0, Math.Ceiling((pause - _time.GetElapsedTime(since)).TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(run.State == LaunchState.Restarting ? "starts again" : "starts")} in {left} s{(run.Detail.Length > 0 ? ": " : "")}{run.Detail}");
    }

    private async Task RunTaskAsync(TaskRun run, CancellationToken broken)
    {
        try
        {
            if (!await MayStartAsync(run, broken).ConfigureAwait(false))
            {
                return;
            }

            ILaunchedProcess process;
            try
            {
                process = _starter.Start(run.Task);
            }
            catch (ProcessStartException bad)
            {
                GiveUp(run, bad.Message, ExitCode.NotExecutable);
                return;
            }

            await using (process.ConfigureAwait(false))
            {
                await SuperviseAsync(run, process, broken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                run.EndedAt ??= _time.GetTimestamp();
            }

            run.Started.TrySetResult(false);
            run.Ready.TrySetResult(false);
            run.Completed.TrySetResult(false);
            run.Gone.TrySetResult();
            _observer.Changed();
        }
    }

    // Waits for all that has to come before it.
    private async Task<bool> MayStartAsync(TaskRun run, CancellationToken broken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, broken);
        try
        {
            var needs = run.Task.DependsOn.Distinct().ToDictionary(needed => Reached(needed).Task);
            Task<bool>[] open = [.. needs.Keys];
            Set(run, LaunchState.Waiting, WaitsFor(needs.Values));
            await foreach (var reached in Task.WhenEach(open).WithCancellation(either.Token).ConfigureAwait(false))
            {
                if (!await reached.ConfigureAwait(false))
                {
                    Lack(run, needs[reached]);
                    return false;
                }

                needs.Remove(reached);
                Set(run, LaunchState.Waiting, WaitsFor(needs.Values));
            }

            if (run.Task.StartDelay > TimeSpan.Zero)
            {
                Set(run, LaunchState.Delayed, "", startsIn: run.Task.StartDelay);
                await Task.Delay(run.Task.StartDelay, _time, either.Token).ConfigureAwait(false);
            }

            either.Token.ThrowIfCancellationRequested();
            return true;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Set(run, LaunchState.NotStarted, "");
            return false;
        }
    }

    private TaskCompletionSource<bool> Reached(TaskDependency needed) => needed.Condition switch
    {
        DependencyCondition.Started => _runs[needed.Name].Started,
        DependencyCondition.Completed => _runs[needed.Name].Completed,
        _ => _runs[needed.Name].Ready,
    };

    private static string WaitsFor(IEnumerable<TaskDependency> needs) => string.Join(", ", needs.Select(needed => needed.Name)) is { Length: > 0 } names ? $"for {names}" : "";

    // What it needs will never be: the launch cannot become what its file says.
    private void Lack(TaskRun run, TaskDependency needed)
    {
        var other = _runs[needed.Name];
        var how = other.ExitStatus is { } status ? $"ended with {status}" : "did not come up";
        Set(run, LaunchState.NotStarted, $"needs {needed.Name}");
        RequestStop(
            $"task '{needed.Name}' {how}, and task '{run.Task.Name}' needs it {(needed.Condition == DependencyCondition.Completed ? "to succeed" : "to be " + Word(needed.Condition))}",
            other.ExitStatus is { ShellCode: not 0 and var code } ? code : ExitCode.Failed,
            isProblem: true);
    }

    private static string Word(DependencyCondition condition) => condition == DependencyCondition.Started ? "started" : "ready";

    private async Task SuperviseAsync(TaskRun run, ILaunchedProcess process, CancellationToken broken)
    {
        lock (_gate)
        {
            run.Process = process;
            run.StartedAt = _time.GetTimestamp();
            run.State = run.Task.Ready is null ? LaunchState.Running : LaunchState.Starting;
            run.Detail = run.Task.Ready is null ? "" : $"until {run.Task.Ready}";
        }

        _observer.Changed();
        run.Started.TrySetResult(true);
        using var drain = new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, broken);
        var lines = ReadLinesAsync(run, process, drain.Token);
        var events = ReadEventsAsync(run, process);
        var ready = BecomeReadyAsync(run, ended.Token);
        var wasAsked = await Task.WhenAny(process.Completion, _stopRequested.Task).WaitAsync(broken).ConfigureAwait(false) != process.Completion;
        if (wasAsked)
        {
            await StopTaskAsync(run, process, broken).ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await ready.ConfigureAwait(false);
        if (process.Completion.IsCompleted)
        {
            ProcessStartException? failure = null;
            ProcessExitStatus? status = null;
            try
            {
                status = await process.Completion.ConfigureAwait(false);
            }
            catch (ProcessStartException bad)
            {
                failure = bad;
            }

            lock (_gate)
            {
                run.EndedAt = _time.GetTimestamp();
                run.ExitStatus = status;
            }

            // What it left behind counts, although nobody has looked since.
            if (!wasAsked && status is { IsSuccess: true } && run.Task.Ready is ReadyCondition.File(var path) && _checks.FileExists(path))
            {
                IsReady(run);
            }

            drain.CancelAfter(DrainLimit);
            await Task.WhenAll(lines, events).WaitAsync(broken).ConfigureAwait(false);
            if (failure is not null)
            {
                // Its folder, or its program, has gone since the last start: nobody runs, and nobody's status is to be told.
                lock (_gate)
                {
                    run.Process = null;
                }

                GiveUp(run, failure.Message, ExitCode.NotExecutable);
                return;
            }
        }

        Settle(run, wasAsked);
    }

    // Says how it ended, and draws the conclusion for the others.
    private void Settle(TaskRun run, bool wasAsked)
    {
        if (run.ExitStatus is not { } status)
        {
            Set(run, LaunchState.Failed, "still running");
            _observer.Message($"task '{run.Task.Name}' is still running: {Remaining(run)}", isProblem: true);
            return;
        }

        run.Completed.TrySetResult(status.IsSuccess);
        Set(run, status.IsSuccess || wasAsked ? LaunchState.Ended : LaunchState.Failed, run.WasKilled ? "had to be killed" : status.ToString());
        if (wasAsked)
        {
            return;
        }

        var restarts = run.Process!.Restarts;
        var often = restarts == 0 || run.Task.Restart == RestartWhen.Never ? "" : string.Create(CultureInfo.InvariantCulture, $" after {restarts} {(restarts == 1 ? "restart" : "restarts")}, and is not started again");
        if (run.Task.QuitOnTerminate)
        {
            RequestStop($"task '{run.Task.Name}' ended with {status}{often}", status.ShellCode, isProblem: !status.IsSuccess);
        }
        else if (!run.Ready.Task.IsCompleted)
        {
            RequestStop($"task '{run.Task.Name}' ended with {status}{often} before it was ready ({run.Task.Ready})", status.IsSuccess ? ExitCode.Failed : status.ShellCode, isProblem: true);
        }
        else if (!status.IsSuccess || often.Length > 0)
        {
            _observer.Message($"task '{run.Task.Name}' ended with {status}{often}", isProblem: true);
        }
    }

    private static string Remaining(TaskRun run) => run.Outcome is { Remaining.Count: > 0 } outcome ? string.Join(", ", outcome.Remaining) : $"{run.Process?.Id}";

    private async Task ReadLinesAsync(TaskRun run, ILaunchedProcess process, CancellationToken drained)
    {
        var lines = process.ReadLinesAsync().GetAsyncEnumerator(drained);
        await using (lines.ConfigureAwait(false))
        {
            try
            {
                var next = lines.MoveNextAsync();
                while (await next.ConfigureAwait(false))
                {
                    var line = lines.Current;
                    next = lines.MoveNextAsync();

                    // Handed on before anybody is told that the task is ready: what they print comes behind it.
                    var taken = _observer.LineAsync(run.Task, line, next.IsCompleted, drained);
                    Look(run, line);
                    await taken.ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (drained.IsCancellationRequested)
            {
                _observer.Message($"the last lines of task '{run.Task.Name}' could not be written out in time", isProblem: true);
            }
        }
    }

    private void Look(TaskRun run, OutputLine line)
    {
        // The table shows a part of it anyway.
        var text = SafeText.Line(new OutputLine(line.Bytes[..Math.Min(line.Bytes.Length, 1000)], line.IsError, line.IsComplete, line.ProcessId).Text);
        lock (_gate)
        {
            run.LastLine = text.Trim() is { Length: > 0 } something ? something : run.LastLine;
        }

        if (run.Task.Ready is ReadyCondition.Line(var pattern) && !run.Ready.Task.IsCompleted && pattern.IsMatch(line.Text))
        {
            IsReady(run);
        }

        _observer.Changed();
    }

    private async Task ReadEventsAsync(TaskRun run, ILaunchedProcess process)
    {
        await foreach (var happened in process.ReadEventsAsync().ConfigureAwait(false))
        {
            switch (happened)
            {
                case { State: SupervisedProcessState.Waiting }:
                    var pause = happened.RestartIn is { } wait ? $" in {Durations.Format(wait)}" : "";
                    var why = happened.ExitStatus is { } status ? $"ended with {status}" : happened.Error?.Message ?? "ended";
                    TaskCompletionSource paused;
                    lock (_gate)
                    {
                        paused = run.Pause;
                    }

                    Set(run, LaunchState.Restarting, why, unlessStopping: true, happened.RestartIn);
                    _observer.Message($"task '{run.Task.Name}' {why}{(IsStopping ? "" : $", and is started again{pause}")}", isProblem: happened.ExitStatus is not { IsSuccess: true });
                    paused.TrySetResult();
                    break;
                case { State: SupervisedProcessState.Running }:
                    lock (_gate)
                    {
                        run.StartedAt = _time.GetTimestamp();
                        run.Pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    }

                    var isReady = run.Ready.Task.IsCompleted || run.Task.Ready is null;
                    Set(run, isReady ? LaunchState.Running : LaunchState.Starting, isReady ? "" : $"until {run.Task.Ready}", unlessStopping: true);
                    break;
            }
        }
    }

    private async Task BecomeReadyAsync(TaskRun run, CancellationToken cancellationToken)
    {
        if (run.Task.Ready is null)
        {
            IsReady(run);
            return;
        }

        using var limit = new CancellationTokenSource(run.Task.Ready is ReadyCondition.Delay ? Timeout.InfiniteTimeSpan : run.Task.ReadyTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            switch (run.Task.Ready)
            {
                case ReadyCondition.Line:
                    await run.Ready.Task.WaitAsync(either.Token).ConfigureAwait(false);
                    return;
                case ReadyCondition.Delay(var time):
                    // The process that runs now has to have run for so long, not one before it.
                    for (var left = time; left > TimeSpan.Zero; left = IsPaused(run) ? time : time - Uptime(run))
                    {
                        await Task.Delay(left, _time, either.Token).ConfigureAwait(false);
                    }

                    break;
                case ReadyCondition.Tcp(var host, var port):
                    await PollAsync(run, () => _checks.CanConnectAsync(host, port, either.Token), PollEvery, either.Token).ConfigureAwait(false);
                    break;
                case ReadyCondition.File(var path):
                    await PollAsync(run, () => Task.FromResult(_checks.FileExists(path)), PollEvery, either.Token).ConfigureAwait(false);
                    break;
                case ReadyCondition.Command command:
                    await PollAsync(run, () => _checks.SucceedsAsync(command, run.Task, either.Token), CommandEvery, either.Token).ConfigureAwait(false);
                    break;
            }

            IsReady(run);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It ended first, or all is to end.
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            run.Ready.TrySetResult(false);
            RequestStop($"task '{run.Task.Name}' is not ready after {Durations.Format(run.Task.ReadyTimeout)} ({run.Task.Ready})", ExitCode.TimedOut, isProblem: true);
        }
    }

    // Whoever answers while it does not run is somebody else.
    private async Task PollAsync(TaskRun run, Func<Task<bool>> check, TimeSpan every, CancellationToken cancellationToken)
    {
        while (IsPaused(run) || !await check().ConfigureAwait(false))
        {
            await Task.Delay(every, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsPaused(TaskRun run)
    {
        lock (_gate)
        {
            return run.Pause.Task.IsCompleted;
        }
    }

    private TimeSpan Uptime(TaskRun run)
    {
        lock (_gate)
        {
            return _time.GetElapsedTime(run.StartedAt);
        }
    }

    private void IsReady(TaskRun run)
    {
        if (run.Ready.TrySetResult(true))
        {
            lock (_gate)
            {
                if (run.State == LaunchState.Starting)
                {
                    run.State = LaunchState.Running;
                    run.Detail = "";
                }
            }

            _observer.Changed();
        }
    }

    private void GiveUp(TaskRun run, string why, int exitCode)
    {
        Set(run, LaunchState.Failed, why);
        RequestStop($"task '{run.Task.Name}' could not be started: {why.TrimEnd('.')}", exitCode, isProblem: true);
    }

    private void Set(TaskRun run, LaunchState state, string detail, bool unlessStopping = false, TimeSpan? startsIn = null)
    {
        lock (_gate)
        {
            if (!unlessStopping || run is { State: not LaunchState.Stopping, EndedAt: null })
            {
                run.State = state;
                run.Detail = detail;
                run.StartsIn = startsIn is { } pause ? (pause, _time.GetTimestamp()) : null;
            }
        }

        _observer.Changed();
    }
}
