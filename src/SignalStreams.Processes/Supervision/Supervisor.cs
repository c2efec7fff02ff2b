using System.Threading.Channels;

namespace SignalStreams;

/// <summary>The series of runs of one supervised process: starts, watches, starts again, and knows when it is over.</summary>
/// <remarks>One lock guards the state; starting, signalling and waiting happen outside it.</remarks>
internal sealed class Supervisor
{
    // How long killed leftovers may take to be gone before the next step; one in an uninterruptible wait takes longer.
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(2);

    // How long one that was killed may take to be reaped before a stop returns without its status.
    private static readonly TimeSpan ReapedWithin = TimeSpan.FromSeconds(2);

    // How long a signal waits for a start that is under way; one takes milliseconds.
    private static readonly TimeSpan StartedWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly StartRequest _request;
    private readonly SupervisionParts _parts;
    private readonly RestartSchedule _schedule;
    private readonly Channel<SupervisedProcessEvent> _events = Channel.CreateUnbounded<SupervisedProcessEvent>();
    private readonly TaskCompletionSource _stopRequested = new();
    private readonly TaskCompletionSource<ProcessExitStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<ProcessRun> _runs = [];
    private readonly HashSet<Task> _stops = [];
    private ProcessRun _run;
    private TaskCompletionSource? _starting;
    private SupervisedProcessState _state;
    private ProcessExitStatus _lastStatus;
    private int _restarts;
    private bool _isStopping;
    private bool _isKilled;
    private bool _hasEventReader;
    private Task? _disposal;

    /// <summary>Starts the first run; what goes wrong is thrown.</summary>
    public Supervisor(StartRequest request, SupervisionSettings settings, SupervisionParts parts)
    {
        _request = request;
        _parts = parts;
        Settings = settings;
        _schedule = new RestartSchedule(settings.Restart, parts.Random);
        Output = new OutputCapture(request.RedirectsOutput, request.RedirectsError, settings.MaxLineLength, settings.Time);
        _run = StartRun();
        _runs.Add(_run);
        Output.Begin(_run);
        Enter(SupervisedProcessState.Running);

        // Not here: the context of whoever starts is none of the loop's business.
        _ = _run.Child.Exit.OnLibrary(LoopAsync);
    }

    public SupervisionSettings Settings { get; }

    public OutputCapture Output { get; }

    public Task<ProcessExitStatus> Completion => _completion.Task;

    /// <summary>Whether it was over because somebody asked for that, and not by itself. Known once it is over.</summary>
    public bool WasStopped { get; private set; }

    public IStartedChild Child
    {
        get
        {
            lock (_gate)
            {
                return _run.Child;
            }
        }
    }

    /// <summary>Whoever gets a signal that is sent now: the child that is just being started, which may run already and have told others so.</summary>
    public IStartedChild Addressee
    {
        get
        {
            Task? starting;
            lock (_gate)
            {
                starting = _starting?.Task;
            }

            starting?.Wait(StartedWithin);
            return Child;
        }
    }

    public SupervisedProcessState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    public int Restarts
    {
        get
        {
            lock (_gate)
            {
                return _restarts;
            }
        }
    }

    public Stream Input => _request.RedirectsInput
        ? Child.Input ?? throw new InvalidOperationException("The platform has given no pipe for standard input, though it was asked for one.")
        : throw OutputCapture.NotRedirected(nameof(SupervisedProcess.StandardInput), "RedirectStandardInput");

    public async IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_hasEventReader)
            {
                throw new InvalidOperationException("Somebody reads the events already, and each event goes to one reader. End that reading first (the next one goes on where it ended), or pass the events on from there.");
            }

            _hasEventReader = true;
        }

        try
        {
            await foreach (var e in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return e;
            }
        }
        finally
        {
            lock (_gate)
            {
                _hasEventReader = false;
            }
        }
    }

    /// <summary>Stops by a plan; nothing is started any more.</summary>
    public async Task<StopOutcome> StopAsync(StopPlan plan, IProgress<StopStep>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await RequestStop(isKill: false).OnLibrary();
        var child = Child;

        // Descendants that are kept are part of it, also when it has ended itself.
        if (child.Exit.IsCompleted && (child.Gone.IsCompleted || Settings.Leftovers == LeftoverPolicy.Kill))
        {
            await _completion.Task.OnLibrary();
            return new StopOutcome { Result = StopResult.AlreadyGone, Target = Settings.Name, Elapsed = TimeSpan.Zero, ExitStatus = _lastStatus };
        }

        var outcome = await StopByPlanAsync(child, plan, progress, cancellationToken).ResultOnLibrary();
        if (!outcome.IsGone)
        {
            return outcome;
        }

        if (!child.Gone.IsCompleted)
        {
            // Killed and a zombie. One that a debugger holds stays one until the debugger lets go (ptrace(2)), and that may be never.
            await Task.WhenAny(_completion.Task.Ended(), Task.Delay(ReapedWithin, Settings.Time, cancellationToken)).OnLibrary();
            return child.Exit.IsCompletedSuccessfully ? outcome with { ExitStatus = await child.Exit.ConfigureAwait(false) } : outcome;
        }

        // Whoever looks at the state next is to see that it has ended.
        await _completion.Task.OnLibrary();
        return outcome.ExitStatus is null && _completion.Task.IsCompletedSuccessfully ? outcome with { ExitStatus = _lastStatus } : outcome;
    }

    public void EndRestarts() => _ = RequestStop(isKill: false);

    public void Kill()
    {
        if (RequestStop(isKill: true).IsCompleted)
        {
            Child.KillAll();
        }
    }

    public Task DisposeAsync()
    {
        lock (_gate)
        {
            return _disposal ??= LibraryScheduler.Run(DisposeCoreAsync);
        }
    }

    private async Task<StopOutcome> StopByPlanAsync(IStartedChild child, StopPlan plan, IProgress<StopStep>? progress, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        lock (_gate)
        {
            _stops.Add(ended.Task);
        }

        try
        {
            return await _parts.Stop(child.OpenStopScope(), plan, progress, Settings.Time, cancellationToken).ResultOnLibrary();
        }
        finally
        {
            lock (_gate)
            {
                _stops.Remove(ended.Task);
            }

            ended.SetResult();
        }
    }

    /// <returns>Completes when no start is in flight; what it has brought is the run that is to be stopped.</returns>
    private Task RequestStop(bool isKill)
    {
        Task starting;
        lock (_gate)
        {
            _isKilled |= isKill;
            if (!_isStopping && _state != SupervisedProcessState.Ended)
            {
                if (_state == SupervisedProcessState.Running)
                {
                    Enter(SupervisedProcessState.Stopping);
                }

                _isStopping = true;
            }

            starting = _starting?.Task ?? Task.CompletedTask;
        }

        _stopRequested.TrySetResult();
        Output.BeginStop();
        return starting;
    }

    private async Task LoopAsync()
    {
        try
        {
            var next = await WatchAsync(_run).ResultOnLibrary();
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

    /// <summary>Waits for the end of a run.</summary>
    /// <returns>After how long the next one begins; null when it is over.</returns>
    private async Task<TimeSpan?> WatchAsync(ProcessRun run)
    {
        await run.Child.Exit.OnLibrary();
        var status = await run.Child.Exit.ConfigureAwait(false);
        TimeSpan? pause = null;
        bool wasStopping;
        lock (_gate)
        {
            _lastStatus = status;
            wasStopping = _isStopping;
            if (!wasStopping)
            {
                pause = _schedule.Next(!status.IsSuccess, Settings.Time.GetElapsedTime(run.StartedAt));
            }
        }

        await EndLeftoversAsync(run).ResultOnLibrary();
        lock (_gate)
        {
            // Whoever has asked meanwhile has stopped it only if it would have gone on.
            WasStopped = wasStopping || (pause is not null && _isStopping);
            if (pause is not null && !_isStopping)
            {
                Enter(SupervisedProcessState.Waiting, status, pause);
                return pause;
            }
        }

        End(error: null);
        return null;
    }

    private async Task EndLeftoversAsync(ProcessRun run)
    {
        if (Settings.Leftovers == LeftoverPolicy.Keep)
        {
            return;
        }

        // While a stop is under way, descendants have the time that its plan gives them.
        Task[] stops;
        lock (_gate)
        {
            stops = [.. _stops];
        }

        await Task.WhenAny(Task.WhenAll(stops), run.Child.Gone.Ended()).OnLibrary();
        run.Child.KillAll();
        await WaitAtMostAsync(run.Child.Gone).ResultOnLibrary();
    }

    private async Task WaitAtMostAsync(Task task) =>
        await task.Ended().WaitAsync(LeftoverPatience, Settings.Time).OnLibrary();

    /// <returns>False when it is over.</returns>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        using (var ended = new CancellationTokenSource())
        {
            var delay = Task.Delay(pause, Settings.Time, ended.Token);
            await Task.WhenAny(delay, _stopRequested.Task).OnLibrary();

            // CancelAsync would go through the pool; what is called here is the delay alone.
#pragma warning disable CA1849
            ended.Cancel();
#pragma warning restore CA1849
        }

        lock (_gate)
        {
            if (!_isStopping)
            {
                // From here to the end of the start, a stop waits for what the start brings.
                _starting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }

            WasStopped = true;
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
        ProcessRun previous;
        TaskCompletionSource starting;
        bool isKilled;

        // First: whoever is told that it runs, and asks for its output, is to get that of this run.
        Output.Begin(run);
        lock (_gate)
        {
            previous = _run;
            _run = run;
            _runs.Add(run);
            _restarts++;
            Enter(SupervisedProcessState.Running);
            if (_isStopping)
            {
                Enter(SupervisedProcessState.Stopping);
            }

            isKilled = _isKilled;
            starting = _starting!;
            _starting = null;
        }

        _ = RetireAsync(previous, run.Child.Exit);
        starting.SetResult();
        if (isKilled)
        {
            run.Child.KillAll();
        }

        return WatchAsync(run);
    }

    private TimeSpan? AfterFailedStart(Exception error)
    {
        TimeSpan? pause = null;
        TaskCompletionSource? starting = null;
        bool isStopped;
        lock (_gate)
        {
            isStopped = _isStopping;
            WasStopped = isStopped;
            if (!isStopped)
            {
                pause = _schedule.Next(hasFailed: true, TimeSpan.Zero);
            }

            if (pause is not null)
            {
                (starting, _starting) = (_starting, null);
                Enter(SupervisedProcessState.Waiting, restartIn: pause, error: error);
            }
        }

        if (pause is null)
        {
            // Who asked for a stop has it; otherwise this is why it is over.
            End(isStopped ? null : error);
        }

        starting?.SetResult();
        return pause;
    }

    private void End(Exception? error)
    {
        TaskCompletionSource? starting;
        lock (_gate)
        {
            (starting, _starting) = (_starting, null);
            Enter(SupervisedProcessState.Ended, error is null ? _lastStatus : null, error: error);
            _events.Writer.TryComplete();
        }

        Output.End();
        if (error is null)
        {
            _completion.TrySetResult(_lastStatus);
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
        var child = _parts.Platform.Start(_request.Resolve());
        if (Settings.ClosesInput)
        {
            child.Input?.Dispose();
        }

        return new ProcessRun(child, Settings.Time.GetTimestamp());
    }

    private async Task RetireAsync(ProcessRun run, Task endOfReading)
    {
        await run.RetireAsync(Settings.Leftovers == LeftoverPolicy.Keep, endOfReading).OnLibrary();
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    private async Task DisposeCoreAsync()
    {
        await RequestStop(isKill: true).OnLibrary();
        Child.KillAll();
        await WaitAtMostAsync(_completion.Task).ResultOnLibrary();
        ProcessRun[] runs;
        lock (_gate)
        {
            runs = [.. _runs];
        }

        foreach (var run in runs)
        {
            await run.DisposeAsync().AsTask().ResultOnLibrary();
        }
    }

    // Under the gate, or before anybody else knows of it. The channel runs nobody's code here.
    private void Enter(SupervisedProcessState state, ProcessExitStatus? exitStatus = null, TimeSpan? restartIn = null, Exception? error = null)
    {
        _state = state;
        _events.Writer.TryWrite(new SupervisedProcessEvent(state, _run.Child.Identity, exitStatus, restartIn, error));
    }
}
