namespace SignalStreams;

/// <summary>What a stop of a started child works on.</summary>
internal sealed class ChildStopScope(UnixChild child) : IStopScope
{
    public string Description => $"process {child.Identity}";

    /// <summary>The child: two stops of it are one.</summary>
    public object Key => child;

    public Task Gone => child.Gone;

    public ProcessExitStatus? ExitStatus => child.Exit.IsCompletedSuccessfully ? child.Exit.Result : null;

    public IReadOnlyList<ProcessIdentity> Look() => [.. child.Look().Select(process => process.Identity)];

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal) =>
        process == child.Identity ? child.Send(signal, null)
        : SignalTable.Current.NumberOf(signal) is { } number ? ChildTable.Send(process, number)
        : SendOutcome.NotDeliverable;

    public bool TryKillAll()
    {
        child.KillAll();
        return true;
    }

    public void Dispose()
    {
        // The child is whoever's it is.
    }
}
