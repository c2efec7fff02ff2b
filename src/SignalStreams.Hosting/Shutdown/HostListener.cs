namespace SignalStreams;

/// <summary>Hears the signals that ask a host to stop, or to reload, all of them, and tells its lifetime.</summary>
internal sealed class HostListener(SignalRouter router, SignalHostLifetime lifetime) : SignalListener(router, Name)
{
    /// <summary>The way by which it was opened, as timelines name it.</summary>
    public const string Name = "Generic Host";

    // What the kernel has not merged, and nobody has come to look at: more than anybody sends by hand.
    private const int Most = 1024;

    private readonly Lock _gate = new();
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

    // Callbacks of ApplicationStopping, and loggers, are the user's.
    public override bool MayBlock => true;

    /// <summary>A system that is about to end the process waits until it has ended by itself, once the host was asked to stop.</summary>
    public override bool IsDone => IsHandled && !lifetime.WasAsked;

    /// <summary>Whether the lifetime knows of all that arrived.</summary>
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

    public void Open(ShutdownSignal[] signals) => Router.Subscribe(this, signals, overrideIgnored: false);

    public void Close() => Router.Unsubscribe(this);

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

    /// <summary>Tells the lifetime of all that arrived.</summary>
    public void Drain()
    {
        while (TryTake() is { } reason)
        {
            try
            {
                lifetime.OnSignal(reason);
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

    public override void Drop() => Close();

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
