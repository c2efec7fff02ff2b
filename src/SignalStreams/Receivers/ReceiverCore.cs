using System.Diagnostics;

namespace SignalStreams;

/// <summary>What the hub knows of a receiver; lives as long as it is open, whether or not anyone still holds the handle.</summary>
internal sealed class ReceiverCore(SignalRouter router, string surface, SignalReceiverOptions options, CancellationToken token) : SignalListener(router, surface)
{
    private readonly Lock _gate = new();
    private readonly ReceiverBuffer _buffer = new(options);
    private readonly LinkedList<ReceiveWaiter> _waiters = new();
    private readonly HashSet<ShutdownSignal> _ignored = [];
    private ReceiveWaiter? _spare;
    private volatile int _waiting;
    private volatile bool _isClosed;
    private volatile bool _isAbandoned;
    private SignalDelivery _putBack;
    private int _terminatingRead;
    private IReadOnlyList<ShutdownSignal>? _orphans;

    public override bool NeedsWakeUp => _waiting > 0;

    public bool IsClosed => _isClosed;

    public SignalReceiverOptions Options => options;

    public long Coalesced => _buffer.Coalesced;

    public long Lost => _buffer.Lost;

    public ShutdownSignal[] Subscribed => [.. Subscriptions.Select(s => s.Name).Distinct()];

    public ShutdownSignal[] Ignored
    {
        get
        {
            lock (_gate)
            {
                return [.. _ignored];
            }
        }
    }

    /// <summary>Whether it is closed, or has read all that it was given and asks for more.</summary>
    public override bool IsDone
    {
        get
        {
            // Not between the two halves of a wake-up, when the buffer is empty and the waiter does not have the delivery yet.
            lock (_gate)
            {
                return _isClosed || (_waiting > 0 && IsEmpty);
            }
        }
    }

    private bool IsEmpty => _putBack.Sequence == 0 && _buffer.IsEmpty;

    public void Open(IReadOnlyCollection<ShutdownSignal> signals)
    {
        Subscribe(signals);
        SignalStreamsMetrics.ReceiverOpened();
    }

    public void Subscribe(IReadOnlyCollection<ShutdownSignal> signals)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SignalReceiver));
        var ignored = Router.Subscribe(this, signals, options.OverrideIgnored);
        lock (_gate)
        {
            _ignored.UnionWith(ignored);
        }

        // Closed meanwhile by another thread: what it did not know of must not stay claimed.
        if (_isClosed)
        {
            Router.Unsubscribe(this);
            ObjectDisposedException.ThrowIf(true, typeof(SignalReceiver));
        }
    }

    public void Unsubscribe(IReadOnlyCollection<ShutdownSignal> signals)
    {
        Router.Unsubscribe(this, subscription => signals.Contains(subscription.Name));
        lock (_gate)
        {
            _ignored.ExceptWith(signals);
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
            return TryReadUnderGate(out delivery);
        }
    }

    /// <summary>Waits for the next delivery. The default value, with sequence number 0, means that the receiver was closed.</summary>
    public ValueTask<SignalDelivery> ReadAsync(object owner, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SignalDelivery>(cancellationToken);
        }

        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SignalDelivery>(token);
        }

        ReceiveWaiter waiter;
        lock (_gate)
        {
            // Behind those who wait already, though there may be something to read: their wake-up is on its way.
            SignalDelivery delivery = default;
            if (_isClosed || (_waiters.Count == 0 && TryReadUnderGate(out delivery)))
            {
                return new ValueTask<SignalDelivery>(delivery);
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
                return new ValueTask<SignalDelivery>(delivery);
            }

            waiter.Own(owner);
        }

        Router.Progressed();
        var task = waiter.Task;
        waiter.WatchTokens(cancellationToken, token);
        return task;
    }

    /// <summary>Takes back what was read and nobody has seen: it is read next, or counts as unread at the close, also at one that has been.</summary>
    /// <remarks>For one that reads on behalf of others, one delivery at a time, and finds them gone.</remarks>
    public void PutBack(in SignalDelivery delivery)
    {
        lock (_gate)
        {
            Debug.Assert(_putBack.Sequence == 0, "One delivery at a time.");
            _putBack = delivery;
            _terminatingRead -= IsTerminating(delivery.Signal) ? 1 : 0;
        }

        Router.WakeLater(this);
        RedeliverUnread();
    }

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
            others = _waiters.Count > 0 && (_isClosed || !IsEmpty);
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
        var orphans = Router.Unsubscribe(this);
        lock (_gate)
        {
            _orphans = unread == UnreadSignals.Redeliver ? orphans : [];
        }

        Router.WakeLater(this);
        RedeliverUnread();
    }

    public void Close() => Close(options.Unread);

    public override void Drop() => Close(UnreadSignals.Drop);

    /// <summary>Closes a receiver that nobody can reach any more, on a delivery thread: the finalizer's must not wait.</summary>
    public void Abandon()
    {
        if (!_isClosed)
        {
            _isAbandoned = true;
            Router.WakeLater(this);
        }
    }

    private bool TryReadUnderGate(out SignalDelivery delivery)
    {
        delivery = default;
        if (_isClosed || !TryTakeUnderGate(out delivery))
        {
            return false;
        }

        _terminatingRead += IsTerminating(delivery.Signal) ? 1 : 0;
        return true;
    }

    private bool TryTakeUnderGate(out SignalDelivery delivery)
    {
        if (_putBack.Sequence == 0)
        {
            return _buffer.TryRead(out delivery);
        }

        delivery = _putBack;
        _putBack = default;
        return true;
    }

    private void RemoveUnderGate(ReceiveWaiter waiter)
    {
        _waiters.Remove(waiter.Node);
        _waiting = _waiters.Count;
    }

    /// <summary>Once it is closed and nobody else has the signal: raises again the first terminating one of those left, unless one was read.</summary>
    private void RedeliverUnread()
    {
        if (LeftUnread() is { } signal)
        {
            Router.Redeliver(signal);
        }
    }

    private ShutdownSignal? LeftUnread()
    {
        lock (_gate)
        {
            while (_orphans is not null && _terminatingRead == 0 && TryTakeUnderGate(out var delivery))
            {
                if (IsTerminating(delivery.Signal) && Router.Source.EventsOf(delivery.Signal).Any(_orphans.Contains))
                {
                    // Once: what is put back from now on has had its say.
                    _terminatingRead++;
                    return delivery.Signal;
                }
            }

            return null;
        }
    }

    private static bool IsTerminating(ShutdownSignal signal) => SignalTable.Current.IsTerminating(signal);
}
