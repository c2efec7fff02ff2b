namespace SignalStreams;

/// <summary>Hears signals, all of them, and tells of each, in their order, on a delivery thread.</summary>
internal abstract class ReasonListener(SignalRouter router, string surface) : SignalListener(router, surface)
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

    // Callbacks of the user's follow.
    public override bool MayBlock => true;

    /// <summary>Whether all that arrived has been told.</summary>
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

    /// <summary>Tells of all that arrived.</summary>
    public void Drain()
    {
        while (TryTake() is { } reason)
        {
            try
            {
                Tell(reason);
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

    protected abstract void Tell(SignalCancelReason reason);

    private bool IsPending(ShutdownSignal signal)
    {
        foreach (var reason in _pending)
        {
            if (reason.Signal == signal)
            {
                return true;
            }
        }

        return false;
    }

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
