namespace SignalStreams;

/// <summary>Keeps signals claimed for the life of the process, once a wait for them has ended: a further one counts as an attempt and does nothing else.</summary>
internal sealed class ShutdownKeeper(SignalRouter router) : SignalListener(router, nameof(SignalHub.WaitForShutdown))
{
    public override bool Escalates => true;

    public override bool NeedsWakeUp => false;

    /// <summary>Never: the clean-up that follows a wait is what a system that is about to end the process has to wait for.</summary>
    public override bool IsDone => false;

    public override bool StandsInForAnother => true;

    public void Keep(ShutdownSignal[] signals, SignalListenOptions options) => Router.Subscribe(this, signals, options.OverrideIgnored, options.ForwardToOthers);

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued) => RecordOutcome.Recorded;

    public override void Drop() => Router.Unsubscribe(this);

    public override void WakeUp()
    {
    }
}
