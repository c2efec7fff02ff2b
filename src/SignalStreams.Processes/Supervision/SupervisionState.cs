namespace SignalStreams;

/// <summary>What a supervision is doing, and what becomes of that: each change is one step under the lock, and is told as an event.</summary>
internal sealed class SupervisionState
{
    private readonly Lock _gate = new();
    private readonly RestartSchedule _schedule;
    private readonly TaskCompletionSource _stopRequested = new();
    private ProcessRun _run;
    private TaskCompletionSource? _starting;
    private SupervisedProcessState _current;
    private ProcessExitStatus _lastStatus;
    private int _restarts;
    private bool _isStopping;
    private bool _wasStoppingAtEnd;
    private bool _isKilled;

    /// <summary>Begins with a run that has been started.</summary>
    public SupervisionState(ProcessRun run, RestartSchedule schedule)
    {
        _run = run;
        _schedule = schedule;
        Enter(SupervisedProcessState.Running);
    }

    public SupervisionEvents Events { get; } = new();

    /// <summary>Completes with the first request to stop.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>Whether it was over because somebody asked for that, and not by itself. Known once it is over.</summary>
    public bool WasStopped { get; private set; }

    public SupervisedProcessState Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The run that runs now, or ran last.</summary>
    public ProcessRun Run
    {
        get
        {
            lock (_gate)
            {
                return _run;
            }
        }
    }

    /// <summary>Completes when the start that is under way is over; null when there is none.</summary>
    public Task? Starting
    {
        get
        {
            lock (_gate)
            {
                return _starting?.Task;
            }
        }
    }

    public ProcessExitStatus LastStatus
    {
        get
        {
            lock (_gate)
            {
                return _lastStatus;
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

    /// <summary>Nothing is started any more.</summary>
    /// <param name="isKill">Whether what a start in flight brings is to be killed.</param>
    /// <returns>Completes when no start is in flight; what it has brought is the run that is to be stopped.</returns>
    public Task RequestStop(bool isKill)
    {
        Task starting;
        lock (_gate)
        {
            _isKilled |= isKill;
            if (!_isStopping && _current != SupervisedProcessState.Ended)
            {
                if (_current == SupervisedProcessState.Running)
                {
                    Enter(SupervisedProcessState.Stopping);
                }

                _isStopping = true;
            }

            starting = _starting?.Task ?? Task.CompletedTask;
        }

        _stopRequested.TrySetResult();
        return starting;
    }

    /// <summary>The process of a run has ended; its descendants may live.</summary>
    /// <returns>After how long the next run may begin; null when none does.</returns>
    public TimeSpan? EndRun(ProcessExitStatus status, TimeSpan ranFor)
    {
        lock (_gate)
        {
            _lastStatus = status;
            _wasStoppingAtEnd = _isStopping;
            return _isStopping ? null : _schedule.Next(!status.IsSuccess, ranFor);
        }
    }

    /// <summary>What a run has left is gone, or is to stay: the pause before the next one begins.</summary>
    /// <param name="pause">What <see cref="EndRun"/> has said.</param>
    /// <returns>False when none begins: no run is to follow.</returns>
    public bool TryPause(TimeSpan? pause)
    {
        lock (_gate)
        {
            // Whoever has asked meanwhile has stopped it only if it would have gone on.
            WasStopped = _wasStoppingAtEnd || (pause is not null && _isStopping);
            if (pause is null || _isStopping)
            {
                return false;
            }

            Enter(SupervisedProcessState.Waiting, _lastStatus, pause);
            return true;
        }
    }

    /// <summary>The pause is over: from here to the end of the start, a stop waits for what the start brings.</summary>
    /// <returns>False when it has been stopped meanwhile.</returns>
    public bool TryBeginStart()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                WasStopped = true;
                return false;
            }

            _starting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>The start has brought a run.</summary>
    /// <returns>The run before it, and whether the new one is to be killed at once.</returns>
    public (ProcessRun Previous, bool IsKilled) EndStart(ProcessRun run)
    {
        ProcessRun previous;
        TaskCompletionSource starting;
        bool isKilled;
        lock (_gate)
        {
            previous = _run;
            _run = run;
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

        starting.SetResult();
        return (previous, isKilled);
    }

    /// <summary>The start has failed.</summary>
    /// <returns>After how long it is tried again; null when it is not, and the supervision is to end.</returns>
    public TimeSpan? FailStart(Exception error)
    {
        TaskCompletionSource? starting;
        TimeSpan? pause;
        lock (_gate)
        {
            WasStopped = _isStopping;
            pause = _isStopping ? null : _schedule.Next(hasFailed: true, TimeSpan.Zero);
            if (pause is null)
            {
                return null;
            }

            (starting, _starting) = (_starting, null);
            Enter(SupervisedProcessState.Waiting, restartIn: pause, error: error);
        }

        starting?.SetResult();
        return pause;
    }

    /// <summary>It is over.</summary>
    /// <returns>Who waits for a start that was in flight, to be told when all else is done.</returns>
    public TaskCompletionSource? End(Exception? error)
    {
        lock (_gate)
        {
            var starting = _starting;
            _starting = null;
            Enter(SupervisedProcessState.Ended, error is null ? _lastStatus : null, error: error);
            Events.Complete();
            return starting;
        }
    }

    // Under the gate, or before anybody else knows of it.
    private void Enter(SupervisedProcessState state, ProcessExitStatus? exitStatus = null, TimeSpan? restartIn = null, Exception? error = null)
    {
        _current = state;
        Events.Write(new SupervisedProcessEvent(state, _run.Child.Identity, exitStatus, restartIn, error));
    }
}
