using System.ComponentModel;
using System.Runtime.InteropServices;

// Children are started this way on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>A child whose parent is a keeper (keeper.c), which ends it and all that descend from it when this process is gone.</summary>
internal sealed class KeptChild : UnixChild, IWatchedDescriptor
{
    private const int DoNotWait = 0x40;
    private const int NoPipeSignal = 0x4000;
    private const int TryAgain = 11;
    private const int ConnectionReset = 104;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DieWithin = TimeSpan.FromSeconds(10);

    private readonly Lock _controlGate = new();
    private readonly ControlGroup? _group;
    private readonly int _keeper;
    private int _control;
    private long _watch;
    private bool _isGoneTold;
    private volatile bool _isKeeperGone;
    private ForegroundStop? _foreground;

    private KeptChild(ProcessIdentity identity, ChildPipes pipes, int keeper, int control, ControlGroup? group)
        : base(identity, pipes)
    {
        _keeper = keeper;
        _control = control;
        _group = group;
        Containment = ProcessContainment.Group | ProcessContainment.Keeper | (group is null ? 0 : ProcessContainment.ControlGroup);
    }

    public override ProcessContainment Containment { get; }

    /// <summary>The keeper's process id.</summary>
    internal int Keeper => _keeper;

    /// <summary>Takes over a child that the keeper has started.</summary>
    public static KeptChild Watch(ProcessIdentity identity, ChildPipes pipes, int keeper, int control, ControlGroup? group, bool hasTerminal)
    {
        var child = new KeptChild(identity, pipes, keeper, control, group);
        if (hasTerminal)
        {
            child._foreground = new ForegroundStop(child.ContinueInForeground);
        }

        lock (child._controlGate)
        {
            child._watch = DescriptorWatcher.Current.TryBegin(control, child);
        }

        if (child._watch == 0)
        {
            child._foreground?.Dispose();
            throw new Win32Exception(UnixCalls.TooManyOpen, "it cannot be watched, for want of a descriptor or of memory. Raise the limit (ulimit -n), or close what is open.");
        }

        return child;
    }

    /// <summary>Gives the terminal to the child that was stopped, and lets it go on.</summary>
    private void ContinueInForeground() => Tell(KeeperCommand.Continue);

    // One that went on before it had the terminal would be stopped by its first read (SIGTTIN), and its job with it.
    protected override bool TryContinue()
    {
        if (_foreground is null)
        {
            return false;
        }

        ContinueInForeground();
        return true;
    }

    public override void KillAll()
    {
        // At once, and not after the keeper has been given the processor; it does the rest.
        if (!Gone.IsCompleted)
        {
            _ = _group?.TryKill();
            Tell(KeeperCommand.Kill);
        }
    }

    public override IReadOnlyList<UnixProcess> Look()
    {
        var found = ChildLists.TryFindDescendants(_keeper) ?? (ChildTable.TryReadAll() is { } all ? ChildTable.Descendants(all, _keeper) : null);
        if (found is null)
        {
            return Exit.IsCompleted ? [] : [new UnixProcess { Identity = Identity, Group = Identity.Id }];
        }

        found.RemoveAll(static process => process.IsEnded);

        // The keeper's id was its own during the look, if it is now. When somebody has killed it, it is nobody's any more, or a stranger's.
        return Gone.IsCompleted ? [] : _isKeeperGone ? Leftovers.Find(Identity) : found;
    }

    unsafe bool IWatchedDescriptor.OnReadable()
    {
        while (true)
        {
            KeeperMessage message;
            var length = ChildCalls.Receive(_control, &message, sizeof(KeeperMessage), DoNotWait);
            if (length == sizeof(KeeperMessage))
            {
                Handle(message);
                continue;
            }

            var error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            // Reset: the keeper has ended with a command of ours unread, which is told once, and before what it had still said itself.
            if (error is UnixCalls.Interrupted or ConnectionReset)
            {
                continue;
            }

            if (error == TryAgain)
            {
                return true;
            }

            End();
            return false;
        }
    }

    private void Handle(KeeperMessage message)
    {
        switch (message.Kind)
        {
            case KeeperMessageKind.Exited:
                SetEnded();
                Tell(KeeperCommand.Reap);
                SetExit(new ExitReport(Identity.Id, message.A, message.B).ExitStatus);
                break;
            case KeeperMessageKind.Gone:
                _isGoneTold = true;
                break;
            case KeeperMessageKind.Stopped:
                _foreground?.Stop();
                break;
        }
    }

    // The keeper has ended.
    private void End()
    {
        lock (_controlGate)
        {
            DescriptorWatcher.Current.End(_watch);
            _ = LibC.Close(_control);
            _control = -1;
        }

        _isKeeperGone = true;
        Spawner.Reap(_keeper);
        if (_isGoneTold)
        {
            Finish();
            return;
        }

        // Somebody has killed it. The child has been killed with it (PR_SET_PDEATHSIG), and is somebody else's to reap; the others not.
        SetEnded();
        _ = LibraryScheduler.Run(KillOrphansAsync);
    }

    // Without the keeper those who have made a session of their own are found by the control group only.
    private async Task KillOrphansAsync()
    {
        // Nobody there twice: one look may miss a chain in which each forks its successor and ends.
        var start = TimeProvider.System.GetTimestamp();
        for (var empty = 0; TimeProvider.System.GetElapsedTime(start) < DieWithin;)
        {
            _ = _group?.TryKill();
            Leftovers.Kill(Identity);
            empty = Leftovers.Find(Identity).Count == 0 && _group is not { IsPopulated: true } ? empty + 1 : 0;
            if (empty == 2)
            {
                break;
            }

            await Task.Delay(LookAgain, LibraryTime.Shared).OnLibrary();
        }

        SetExit(ProcessExitStatus.FromSignal(ShutdownSignal.SIGKILL));
        Finish();
    }

    private void Finish()
    {
        _foreground?.Dispose();
        _group?.Dispose();

        // Nobody is to wait for ever for what a keeper has not told.
        SetExit(ProcessExitStatus.FromCode(UnknownCode));
        SetGone();
    }

    private unsafe void Tell(KeeperCommand command)
    {
        lock (_controlGate)
        {
            if (_control >= 0)
            {
                _ = ChildCalls.Send(_control, &command, sizeof(KeeperCommand), DoNotWait | NoPipeSignal);
            }
        }
    }
}
