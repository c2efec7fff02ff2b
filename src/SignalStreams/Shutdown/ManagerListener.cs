namespace SignalStreams;

/// <summary>Hears the signals that ask the process to end, all of them, and tells the manager.</summary>
internal sealed class ManagerListener(SignalRouter router, ShutdownManager manager) : SignalListener(router, nameof(ShutdownManager))
{
    // What the kernel has not merged, and nobody has come to look at: more than anybody sends by hand.
    private const int Most = 1024;

    private readonly Lock _gate = new();
    // Of objects: a queue of structures would have to be compiled for it, while the process ends.
    private readonly Queue<SignalCancelReason> _pending = new();
    private int _handling;
    private bool _isPrepared;

    public override bool Escalates => true;

    public override bool NeedsWakeUp
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count > 0;
            }
        }
    }

    // BeforeHangup is the user's.
    public override bool MayBlock => true;

    /// <summary>A system that is about to end the process waits until the manager is through; for what does not ask for the end it need not wait.</summary>
    public override bool IsDone => IsHandled && manager.State is ShutdownState.Running or ShutdownState.Ended;

    /// <summary>The end is the manager's: once it has begun, the system gets the process when it has ended by itself, with the status that was chosen.</summary>
    public override bool LetsSystemGo => IsHandled && manager.State == ShutdownState.Running;

    /// <summary>Whether all that arrived has had its first effect, that of <see cref="ShutdownManager.StoppingToken"/> included.</summary>
    public bool IsSettled => IsHandled && manager.IsSettled;

    /// <summary>Whether the manager knows of all that arrived.</summary>
    public bool IsHandled
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count == 0 && _handling == 0;
            }
        }
    }

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        if (!_isPrepared)
        {
            // Before anybody is woken, and may return from the main function because of it.
            _isPrepared = true;
            Router.Exit.Prepare();
        }

        lock (_gate)
        {
            // A kind never vanishes.
            if (_pending.Count >= Most && IsPending(delivery.Signal))
            {
                return isQueued ? RecordOutcome.Lost : RecordOutcome.Coalesced;
            }

            _pending.Enqueue(new SignalCancelReason(delivery));
            return RecordOutcome.Recorded;
        }
    }

    public override void WakeUp()
    {
        LeaveQueue();
        Drain();
    }

    /// <summary>Tells the manager of all that arrived.</summary>
    public void Drain()
    {
        while (TryTake() is { } reason)
        {
            try
            {
                manager.OnSignal(reason);
            }
            finally
            {
                lock (_gate)
                {
                    _handling--;
                }

                Router.Progressed();
            }
        }
    }

    public override void Drop() => manager.Close();

    private bool IsPending(ShutdownSignal signal) => _pending.Any(reason => reason.Signal == signal);

    private SignalCancelReason? TryTake()
    {
        lock (_gate)
        {
            if (_pending.TryDequeue(out var reason))
            {
                _handling++;
            }

            return reason;
        }
    }
}
