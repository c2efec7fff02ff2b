namespace SignalStreams;

/// <summary>Somebody who is given signals: a receiver, or an adapter that waits for the first one.</summary>
/// <remarks>
/// Gates are taken in this order and no other: claims, routes (both the router's), then the listener's own. User code runs under none of them.
/// </remarks>
internal abstract class SignalListener(SignalRouter router, string surface) : IThreadPoolWorkItem
{
    private int _isQueued;

    /// <summary>The public way by which it was opened, for diagnostics and tests.</summary>
    public string Surface { get; } = surface;

    /// <summary>Whether attempts count while it is open: it stands between a signal and the end of the process.</summary>
    public virtual bool Escalates => false;

    /// <summary>Whether user code waits to be woken.</summary>
    public abstract bool NeedsWakeUp { get; }

    /// <summary>Whether the user code is a callback that may well wait for the end of the process: not for a thread on which the end itself depends.</summary>
    public virtual bool MayBlock => false;

    /// <summary>What it listens to; written under the router's claims gate.</summary>
    public Subscription[] Subscriptions { get; set; } = [];

    protected SignalRouter Router { get; } = router;

    /// <summary>Takes a copy of a delivery. Called under the router's gate, so by one thread at a time and in the order of sequence numbers.</summary>
    public abstract RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued);

    /// <summary>Runs the user code that waits. Called on a thread that it may keep.</summary>
    public abstract void WakeUp();

    /// <summary>Runs the user code that waits, and contains what it throws.</summary>
    public void Execute()
    {
        try
        {
            WakeUp();
        }
#pragma warning disable CA1031 // A consumer that throws must not take the process, or another consumer, with it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
    }

    /// <summary>Whether the listener is done with everything that it was given so far.</summary>
    public abstract bool IsDone { get; }

    /// <summary>Whether a system that ends the process as soon as it is let go may go on.</summary>
    public virtual bool LetsSystemGo => IsDone;

    /// <summary>Whether it goes on for a listener that was given a signal before it opened.</summary>
    public virtual bool StandsInForAnother => false;

    /// <summary>Closes because the hub does: nothing is raised again.</summary>
    public abstract void Drop();

    /// <summary>Claims the right to put the listener into the queue of those to be woken; given back by <see cref="LeaveQueue"/>.</summary>
    public bool TryEnterQueue() => Volatile.Read(ref _isQueued) == 0 && Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>A full fence: what is recorded from here on finds the listener out of the queue, or is seen by what its wake-up reads next.</summary>
    public void LeaveQueue() => Interlocked.Exchange(ref _isQueued, 0);
}
