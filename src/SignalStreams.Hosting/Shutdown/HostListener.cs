namespace SignalStreams;

/// <summary>Hears the signals that ask a host to stop, or to reload, all of them, and tells its lifetime.</summary>
internal sealed class HostListener(SignalRouter router, SignalHostLifetime lifetime) : ReasonListener(router, Name)
{
    /// <summary>The way by which it was opened, as timelines name it.</summary>
    public const string Name = "Generic Host";

    /// <summary>A system that is about to end the process waits until it has ended by itself, once the host was asked to stop.</summary>
    public override bool IsDone => IsHandled && !lifetime.WasAsked;

    public void Open(ShutdownSignal[] signals) => Router.Subscribe(this, signals, overrideIgnored: false);

    public void Close() => Router.Unsubscribe(this);

    public override void Drop() => Close();

    protected override void Tell(SignalCancelReason reason) => lifetime.OnSignal(reason);
}
