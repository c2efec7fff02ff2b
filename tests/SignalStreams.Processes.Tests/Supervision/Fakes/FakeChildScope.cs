namespace SignalStreams.Processes.Tests;

internal sealed class FakeChildScope(FakeChild child) : IStopScope
{
    public string Description => "fake";

    public object Key => child;

    public Task Gone => child.Gone;

    public ProcessExitStatus? ExitStatus => child.Exit.IsCompletedSuccessfully ? child.Exit.Result : null;

    public bool IsDisposed { get; private set; }

    public FakeChild Child => child;

    public IReadOnlyList<ProcessIdentity> Look() => child.Gone.IsCompleted ? [] : [child.Identity];

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal) => child.Send(signal, null);

    public bool TryKillAll()
    {
        child.KillAll();
        return true;
    }

    public void Dispose() => IsDisposed = true;
}
