namespace SignalStreams;

/// <summary>Hears the signals that ask the process to end, all of them, and tells the manager.</summary>
internal sealed class ManagerListener(SignalRouter router, ShutdownManager manager) : ReasonListener(router, nameof(ShutdownManager))
{
    /// <summary>A system that is about to end the process waits until the manager is through; for what does not ask for the end it need not wait.</summary>
    public override bool IsDone => IsHandled && manager.State is ShutdownState.Running or ShutdownState.Ended;

    /// <summary>The end is the manager's: once it has begun, the system gets the process when it has ended by itself, with the status that was chosen.</summary>
    public override bool LetsSystemGo => IsHandled && manager.State == ShutdownState.Running;

    /// <summary>Whether all that arrived has had its first effect, that of <see cref="ShutdownManager.StoppingToken"/> included.</summary>
    public bool IsSettled => IsHandled && manager.IsSettled;

    public override void Drop() => manager.Close();

    protected override void Tell(SignalCancelReason reason) => manager.OnSignal(reason);
}
