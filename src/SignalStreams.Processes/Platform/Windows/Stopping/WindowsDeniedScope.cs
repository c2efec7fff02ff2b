namespace SignalStreams;

/// <summary>A stop of a process that this user may not even look at: it can be neither sent anything nor waited for.</summary>
internal sealed class WindowsDeniedScope(IWindowsProcessApi api, ProcessIdentity identity, string description, object key) : IStopScope
{
    public string Description => description;

    public object Key => key;

    // Nothing tells when it ends; the stop looks again before it says that it is alive.
    public Task Gone { get; } = new TaskCompletionSource().Task;

    public bool CanGrow => false;

    public ProcessExitStatus? ExitStatus => null;

    public IReadOnlyList<ProcessIdentity> Look()
    {
        var error = api.Open(identity.Id, out var process);
        process?.Dispose();
        // Whoever may be opened has the id of the other, who has ended.
        return error == WindowsError.AccessDenied ? [identity] : [];
    }

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal) => Look().Count > 0 ? SendOutcome.NotPermitted : SendOutcome.Gone;

    public bool TryKillAll() => false;

    public void Dispose()
    {
    }
}
