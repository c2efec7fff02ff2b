namespace SignalStreams;

/// <summary>Waits for the first of some signals, and stands in the way of the further ones until it is closed.</summary>
internal abstract class FirstSignalListener(SignalRouter router, string surface) : SignalListener(router, surface), IDisposable
{
    private const int Waiting = 0;
    private const int Recorded = 1;
    private const int Fired = 2;
    private const int Closed = 3;

    private int _state;
    private SignalDelivery _delivery;
    private Subscription? _subscription;

    public override bool Escalates => true;

    public override bool NeedsWakeUp => Volatile.Read(ref _state) == Recorded;

    public override bool IsDone => Volatile.Read(ref _state) == Closed;

    public void Open(ShutdownSignal[] signals, SignalListenOptions options)
    {
        try
        {
            Router.Subscribe(this, signals, options.OverrideIgnored, options.ForwardToOthers);
        }
        catch
        {
            // What arrived for those that could be claimed, until one could not, must not vanish.
            Close();
            throw;
        }
    }

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        if (Volatile.Read(ref _state) == Waiting)
        {
            _delivery = delivery;
            _subscription = subscription;
            Volatile.Write(ref _state, Recorded);
        }

        return RecordOutcome.Recorded;
    }

    public override void WakeUp()
    {
        LeaveQueue();
        if (Interlocked.CompareExchange(ref _state, Fired, Recorded) == Recorded)
        {
            Fire(in _delivery);
        }
    }

    /// <summary>Gives back what it claimed. A signal that arrived and has not been acted on is raised again, if nobody else listens to it.</summary>
    public void Dispose() => Close();

    public override void Drop()
    {
        Router.Unsubscribe(this);
        SetClosed();
    }

    /// <returns>False when a signal came first and is being, or has been, acted on.</returns>
    protected bool Close()
    {
        // First out of the routes: nothing is recorded any more once that returns.
        Router.Unsubscribe(this);
        var state = SetClosed();
        if (state == Recorded)
        {
            RaiseAgain();
        }
        else if (state == Fired)
        {
            SpinWait.SpinUntil(() => IsActedOn);
        }

        return state != Fired;
    }

    /// <summary>Whether the signal that it fired for can be seen to have had its effect: who closes and looks next must not miss it.</summary>
    /// <remarks>No user code runs between firing and that.</remarks>
    protected virtual bool IsActedOn => true;

    /// <summary>There is nobody to act on the signal any more: closes, and raises it again.</summary>
    protected void GiveBack()
    {
        Router.Unsubscribe(this);
        SetClosed();
        RaiseAgain();
    }

    protected abstract void Fire(in SignalDelivery delivery);

    private int SetClosed()
    {
        var state = Interlocked.Exchange(ref _state, Closed);
        Router.Progressed();
        return state;
    }

    // Not to one who was given it as well, and will act on it.
    private void RaiseAgain()
    {
        if (SignalTable.Current.IsTerminating(_subscription!.Event) && !_subscription.IsLeftToOthers(in _delivery))
        {
            Router.Redeliver(_delivery.Signal);
        }
    }
}
