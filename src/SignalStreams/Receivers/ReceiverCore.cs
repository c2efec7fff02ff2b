namespace SignalStreams;

/// <summary>What the hub knows of a receiver; lives as long as it is open, whether or not anyone still holds the handle.</summary>
internal sealed class ReceiverCore(SignalRouter router, string surface, SignalReceiverOptions options, CancellationToken token) : SignalListener(router, surface)
{
    private readonly Lock _gate = new();
    private readonly ReceiverBuffer _buffer = new(options);
    private readonly LinkedList<ReceiveWaiter> _waiters = new();
    private Subscription[] _ignored = [];
    private ReceiveWaiter? _spare;
    private volatile int _waiting;
    private volatile bool _isClosed;
    private volatile bool _isAbandoned;
    private ShutdownSignal? _endsBecauseOf;
    private bool _reloadsOnHangUp;

    public override bool NeedsWakeUp => _waiting > 0;

    public bool IsClosed => _isClosed;

    public long Coalesced => _buffer.Coalesced;

    public long Lost => _buffer.Lost;

    public ShutdownSignal[] Subscribed => [.. Subscriptions.Select(s => s.Name).Distinct()];

    public ShutdownSignal[] Ignored
    {
        get
        {
            lock (_gate)
            {
                return [.. _ignored.Select(s => s.Name).Distinct()];
            }
        }
    }

    /// <summary>Whether it is closed, or has read all that it was given and asks for more.</summary>
    public override bool IsDone
    {
        get
        {
            // Not between the two halves of a wake-up, when the buffer is empty already and the waiter does not have the delivery yet.
            lock (_gate)
            {
                return _isClosed || (_waiting > 0 && _buffer.IsEmpty);
            }
        }
    }

    public void Open(ShutdownSignal[] signals)
    {
        SignalStreamsMetrics.ReceiverOpened();
        try
        {
            Subscribe(signals);
        }
        catch
        {
            // What arrived for those that could be claimed, until one could not, must not vanish.
            Close();
            throw;
        }
    }

    public void Subscribe(ShutdownSignal[] signals)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SignalReceiver));
        var ignored = Router.Subscribe(this, signals, options.OverrideIgnored, options.ForwardToOthers);
        lock (_gate)
        {
            _ignored = [.. _ignored, .. ignored];
        }

        // Closed meanwhile by another thread: what that did not know of must not stay claimed, nor vanish.
        if (_isClosed)
        {
            GiveBack(options.Unread);
            ObjectDisposedException.ThrowIf(true, typeof(SignalReceiver));
        }
    }

    public void Unsubscribe(ShutdownSignal[] signals)
    {
        Router.Unsubscribe(this, subscription => signals.Contains(subscription.Name));
        lock (_gate)
        {
            _ignored = Array.FindAll(_ignored, subscription => !signals.Contains(subscription.Name));
        }
    }

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        if (_buffer.TryWrite(subscription, in delivery, isQueued))
        {
            return RecordOutcome.Recorded;
        }

        lock (_gate)
        {
            return _buffer.WriteOrMerge(subscription, in delivery, isQueued);
        }
    }

    public bool TryRead(out SignalDelivery delivery)
    {
        lock (_gate)
        {
            AskUnderGate();
            return TryReadUnderGate(out delivery);
        }
    }

    /// <summary>The token that forbids to wait, if one is cancelled: the reader's, or the one that the receiver was opened with.</summary>
    public CancellationToken CancelledBy(CancellationToken ofReader) => ofReader.IsCancellationRequested ? ofReader : token;

    /// <summary>Takes the next delivery, or begins to wait for it. Sequence number 0 means that the receiver was closed.</summary>
    /// <returns>Null when the delivery is there.</returns>
    public ReceiveWaiter? Read(object owner, CancellationToken cancellationToken, out SignalDelivery delivery)
    {
        delivery = default;
        ReceiveWaiter waiter;
        lock (_gate)
        {
            AskUnderGate();

            // Behind those who wait already, though there may be something to read: their wake-up is on its way.
            if (_isClosed || (_waiters.Count == 0 && TryReadUnderGate(out delivery)))
            {
                return null;
            }

            waiter = Interlocked.Exchange(ref _spare, null) ?? new ReceiveWaiter(this, options.RunContinuationsAsynchronously);
            _waiters.AddLast(waiter.Node);
            _waiting = _waiters.Count;

            // Against the fence of the router, between its write and its look at who waits.
            Interlocked.MemoryBarrier();
            if (_waiters.Count == 1 && TryReadUnderGate(out delivery))
            {
                RemoveUnderGate(waiter);
                Return(waiter);
                return null;
            }

            waiter.Own(owner);
        }

        Router.Progressed();
        waiter.WatchTokens(cancellationToken, token);
        return waiter;
    }

    public void RunOnDeliveryThread(IThreadPoolWorkItem work) => Router.Threads.Enqueue(work);

    public override void WakeUp()
    {
        LeaveQueue();
        if (_isAbandoned && !_isClosed)
        {
            SignalStreamsEventSource.Log.ReceiverNotDisposed(string.Join(", ", Subscribed.Select(s => s.GetName())));
            Close(UnreadSignals.Drop);
        }

        ReceiveWaiter waiter;
        var delivery = default(SignalDelivery);
        bool others;
        lock (_gate)
        {
            if (_waiters.First is not { } first || (!_isClosed && !TryReadUnderGate(out delivery)))
            {
                return;
            }

            waiter = first.Value;
            RemoveUnderGate(waiter);
            others = _waiters.Count > 0 && (_isClosed || !_buffer.IsEmpty);
        }

        // Before the user code, which may keep this thread.
        if (others)
        {
            Router.WakeLater(this);
        }

        waiter.Complete(in delivery);
    }

    public void Cancel(ReceiveWaiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (waiter.Node.List is null)
            {
                return;
            }

            RemoveUnderGate(waiter);
        }

        waiter.Cancel(cancellationToken);
    }

    public void Return(ReceiveWaiter waiter) => Volatile.Write(ref _spare, waiter);

    /// <summary>Gives back what it claimed, and ends all waits. Runs no user code.</summary>
    public void Close(UnreadSignals unread)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        SignalStreamsMetrics.ReceiverClosed();
        GiveBack(unread);
    }

    public void Close() => Close(options.Unread);

    public override void Drop() => Close(UnreadSignals.Drop);

    /// <summary>Closes a receiver that nobody can reach any more, on a delivery thread: the finalizer's must not wait.</summary>
    public void Abandon()
    {
        if (!_isClosed)
        {
            _isAbandoned = true;

            // Against that of a wake-up which leaves the queue at this moment: it sees the flag, or this one enters the queue.
            Interlocked.MemoryBarrier();
            Router.WakeLater(this);
        }
    }

    private void GiveBack(UnreadSignals unread)
    {
        Router.Unsubscribe(this);
        var left = LeftUnread();
        Router.WakeLater(this);
        if (left is { } signal && unread == UnreadSignals.Redeliver)
        {
            Router.Redeliver(signal);
        }

        Router.Progressed();
    }

    private bool TryReadUnderGate(out SignalDelivery delivery)
    {
        delivery = default;
        if (_isClosed || !_buffer.TryRead(out delivery, out var subscription))
        {
            return false;
        }

        if (_endsBecauseOf is null && AsksToEnd(subscription.Event))
        {
            _endsBecauseOf = subscription.Event;
        }

        return true;
    }

    // Whoever asks for more after a SIGHUP has reloaded, and does not end because of it.
    private void AskUnderGate()
    {
        if (_endsBecauseOf == ShutdownSignal.SIGHUP)
        {
            _endsBecauseOf = null;
            _reloadsOnHangUp = true;
        }
    }

    private void RemoveUnderGate(ReceiveWaiter waiter)
    {
        _waiters.Remove(waiter.Node);
        _waiting = _waiters.Count;
    }

    // Whoever opened after the signal had arrived does not know of it: raised again, it reaches him.
    private ShutdownSignal? LeftUnread()
    {
        lock (_gate)
        {
            while (_endsBecauseOf is null && _buffer.TryRead(out var delivery, out var subscription))
            {
                if (AsksToEnd(subscription.Event) && !subscription.IsLeftToOthers(in delivery))
                {
                    // One is enough.
                    _endsBecauseOf = subscription.Event;
                    return delivery.Signal;
                }
            }

            return null;
        }
    }

    private bool AsksToEnd(ShutdownSignal @event) => SignalTable.Current.IsTerminating(@event) && !(_reloadsOnHangUp && @event == ShutdownSignal.SIGHUP);
}
