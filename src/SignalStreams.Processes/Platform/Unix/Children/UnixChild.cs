namespace SignalStreams;

/// <summary>What a child with a keeper and one without have in common.</summary>
/// <remarks>A child is not reaped before this knows that it has ended; until then its id is nobody else's, and kill(2) hits it or nobody.</remarks>
internal abstract class UnixChild(ProcessIdentity identity, ChildPipes pipes) : IStartedChild
{
    /// <summary>The code of an end of which nobody could tell how it came: not made up to be a success.</summary>
    protected const int UnknownCode = 255;

#pragma warning disable CA1416 // Unix has it.
    private const ShutdownSignal Continue = ShutdownSignal.SIGCONT;
#pragma warning restore CA1416

    private static readonly TimeSpan DiesWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ProcessExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isEnded;
    private int _isDisposed;

    public ProcessIdentity Identity { get; } = identity;

    public abstract ProcessContainment Containment { get; }

    public Task<ProcessExitStatus> Exit => _exit.Task;

    public Task Gone => _gone.Task;

    public Stream? Input => pipes.Input;

    public Stream? Output => pipes.Output;

    public Stream? Error => pipes.Error;

    public SendResult Send(ShutdownSignal signal, int? value)
    {
        if (SignalTable.Current.NumberOf(signal) is not { } number)
        {
            return SendOutcome.NotDeliverable;
        }

        lock (_gate)
        {
            return _isEnded ? SendOutcome.Gone
                : value is null && signal == Continue && TryContinue() ? SendOutcome.Sent
                : ProcessSender.SendTo(Identity.Id, number, value);
        }
    }

    public SendResult SendToGroup(ShutdownSignal signal)
    {
        if (SignalTable.Current.NumberOf(signal) is not { } number)
        {
            return SendOutcome.NotDeliverable;
        }

        lock (_gate)
        {
            if (!_isEnded)
            {
                return signal == Continue && TryContinue() ? SendOutcome.Sent : ProcessSender.SendTo(-Identity.Id, number, null);
            }
        }

        // Its number may be another group's by now, unless one of ours is in it; so to each of them.
        var outcome = SendOutcome.Gone;
        foreach (var member in Look())
        {
            if (member.Group == Identity.Id)
            {
                var sent = ChildTable.Send(member.Identity, number);
                outcome = outcome is SendOutcome.Sent || sent is SendOutcome.Gone ? outcome : sent;
            }
        }

        return outcome;
    }

    /// <summary>Continues a child that needs more for that than the signal.</summary>
    /// <returns>Whether that has been seen to.</returns>
    protected virtual bool TryContinue() => false;

    public IStopScope OpenStopScope() => new ChildStopScope(this);

    public abstract void KillAll();

    /// <summary>The living of its tree, descendants first.</summary>
    public abstract IReadOnlyList<UnixProcess> Look();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        if (!Gone.IsCompleted)
        {
            KillAll();
        }

        pipes.Dispose();

        // With a limit: one that is stuck in the kernel dies when it comes out of it, and is reaped then.
        await Gone.Ended().WaitAsync(DiesWithin, LibraryTime.Shared).OnLibrary();
    }

    /// <summary>After this nothing is sent to its id, and it may be reaped.</summary>
    protected void SetEnded()
    {
        lock (_gate)
        {
            _isEnded = true;
        }
    }

    protected void SetExit(ProcessExitStatus status) => _exit.TrySetResult(status);

    protected void SetGone() => _gone.TrySetResult();
}
