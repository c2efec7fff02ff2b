namespace SignalStreams;

/// <summary>Keeps signals claimed for the life of the process, once a wait for them has ended: a further one counts as an attempt and does nothing else.</summary>
internal sealed class ShutdownKeeper(SignalRouter router) : SignalListener(router, nameof(SignalHub.WaitForShutdown))
{
    public override bool Escalates => true;

    public override bool NeedsWakeUp => false;

    public override bool IsDone => true;

    public void Keep(IReadOnlyCollection<ShutdownSignal> signals) => Router.Subscribe(this, signals, overrideIgnored: false);

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued) => RecordOutcome.Recorded;

    public override void Drop() => Router.Unsubscribe(this);

    public override void WakeUp()
    {
    }
}
