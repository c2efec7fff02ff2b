using System.ComponentModel;

// Children are started this way on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>A child of this process's own, where there is no keeper: held together by its session or process group only, and not ended by the death
/// of this process.</summary>
/// <remarks>Its end is waited for without reaping it (WNOWAIT), and it is reaped when nobody of its group is left: until then the number of the group
/// is nobody else's. Where the system has pidfd_open(2) no thread waits; elsewhere one for each child. (On macOS this has been compiled, and
/// not run.)</remarks>
internal sealed class PlainChild : UnixChild, IWatchedDescriptor
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly Lock _reapGate = new();
    private readonly int _terminal;
    private int _descriptor = -1;
    private long _watch;
    private bool _isReaped;
    private bool _isStolen;

    private PlainChild(ProcessIdentity identity, ChildPipes pipes, int terminal)
        : base(identity, pipes) => _terminal = terminal;

    public override ProcessContainment Containment => ProcessContainment.Group;

    /// <summary>Takes over a child that has been spawned.</summary>
    /// <param name="identity">The child.</param>
    /// <param name="pipes">Its pipes.</param>
    /// <param name="terminal">The terminal that it has been given; -1 for none.</param>
    public static PlainChild Watch(ProcessIdentity identity, ChildPipes pipes, int terminal)
    {
        var child = new PlainChild(identity, pipes, terminal) { _descriptor = ChildTable.Open(identity.Id) };
        lock (child._reapGate)
        {
            child._watch = child._descriptor < 0 ? 0 : DescriptorWatcher.Current.TryBegin(child._descriptor, child);
        }

        if (child._watch == 0 && !child.TryWaitOnThread())
        {
            child.Abandon();
            throw new Win32Exception(UnixCalls.TryAgain, "it cannot be waited for, for want of a descriptor or a thread. It has been killed. Raise the limits (ulimit -n, -u), or close what is open.");
        }

        return child;
    }

    public override void KillAll()
    {
        lock (_reapGate)
        {
            if (_isReaped)
            {
                return;
            }

            // Stopped first, so that they start nobody while they are being looked for.
            if (!_isStolen)
            {
                _ = LibC.Kill(-Identity.Id, ShutdownSignal.SIGSTOP.GetNumber());
            }
        }

        var known = Look();
        Leftovers.Kill(Identity);
        foreach (var entry in known)
        {
            _ = ChildTable.Send(entry.Identity, UnixCalls.KillSignal);
        }

        lock (_reapGate)
        {
            if (!_isReaped && !_isStolen)
            {
                _ = LibC.Kill(-Identity.Id, UnixCalls.KillSignal);
            }
        }
    }

    public override IReadOnlyList<UnixProcess> Look() =>
        TryLook() ?? (Exit.IsCompleted ? [] : [new UnixProcess { Identity = Identity, Group = Identity.Id }]);

    // All of them, and not the lists of children only: an orphan of its session is a child of process 1, or of whoever adopts orphans there.
    /// <returns>Null where the table of the system cannot be read.</returns>
    private List<UnixProcess>? TryLook()
    {
        if (ChildTable.TryReadAll() is not { } all)
        {
            return null;
        }

        var found = ChildTable.Descendants(all, Identity.Id);
        var known = found.Select(entry => entry.Id).ToHashSet();
        found.AddRange(all.Where(entry => entry.Id != Identity.Id && (entry.Session == Identity.Id || entry.Group == Identity.Id) && known.Add(entry.Id)));
        found.AddRange(all.Where(entry => entry.Id == Identity.Id));
        lock (_reapGate)
        {
            return _isReaped ? [] : found.FindAll(entry => !entry.IsEnded);
        }
    }

    bool IWatchedDescriptor.OnReadable()
    {
        lock (_reapGate)
        {
            DescriptorWatcher.Current.End(_watch);
        }

        // While a debugger has not looked at the end of what it traces, the parent is not told of it (ptrace(2)): nobody else is to wait for that.
        if (!TryEnd(waits: false) && !TryWaitOnThread())
        {
            _ = TryEnd(waits: true);
        }

        return false;
    }

    // Not DetachedThread, which would queue the wait where no thread is to be had: by the time it runs the id may be another child's.
    private bool TryWaitOnThread()
    {
        try
        {
            new Thread(() => _ = TryEnd(waits: true)) { IsBackground = true, Name = "SignalStreams child" }.UnsafeStart();
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    // Nobody would ever know of its end.
    private void Abandon()
    {
        _ = LibC.Kill(Identity.Id, UnixCalls.KillSignal);
        Spawner.Reap(Identity.Id);
        SetEnded();
        TakeTerminalBack();
        if (_descriptor >= 0)
        {
            _ = LibC.Close(_descriptor);
        }
    }

    private bool TryEnd(bool waits)
    {
        var error = UnixCalls.Wait(UnixCalls.OneChild, Identity.Id, reaps: false, waits, out var report);
        if (error == 0 && report.ProcessId == 0)
        {
            return false;
        }

        SetEnded();
        TakeTerminalBack();
        if (error == 0)
        {
            SetExit(report.ExitStatus);
        }
        else
        {
            // Somebody else has reaped it: the runtime does that to everybody's children when this is process 1, or when it was started with SIGCHLD
            // ignored. A new kernel still knows how it ended (PIDFD_GET_INFO); otherwise it is not known, and not made up to be a success.
            lock (_reapGate)
            {
                _isStolen = true;
            }

            SetExit((_descriptor < 0 ? null : UnixCalls.ExitStatusOf(_descriptor)) ?? ProcessExitStatus.FromCode(UnknownCode));
        }

        if (_descriptor >= 0)
        {
            _ = LibC.Close(_descriptor);
        }

        _ = LibraryScheduler.Run(WaitForGroupAsync);
        return true;
    }

    private async Task WaitForGroupAsync()
    {
        // Empty twice: one look may miss a chain in which each forks its successor and ends.
        for (var empty = 0; empty < 2;)
        {
            // Where the table cannot be read now, nobody is taken for gone.
            if (TryLook() is not { } living)
            {
                await Task.Delay(LookAgain, LibraryTime.Shared).OnLibrary();
                continue;
            }

            // All of them before the next look, which takes milliseconds where there are many.
            empty = living.Count == 0 ? empty + 1 : 0;
            foreach (var process in living.Where(IsLeft))
            {
                await ChildTable.WaitForEndAsync(process.Identity, LookAgain).ResultOnLibrary();
            }
        }

        bool isStolen;
        lock (_reapGate)
        {
            _isReaped = true;
            isStolen = _isStolen;
        }

        if (isStolen)
        {
            // Its id may be another child's by now, whose status is not ours to take.
            OwnChildren.Remove(Identity.Id);
        }
        else
        {
            Spawner.Reap(Identity.Id);
        }

        SetGone();
    }

    // Who has become a daemon meanwhile is waited for by nobody.
    private bool IsLeft(UnixProcess process) =>
        ProcessTable.Shared.Find(process.Identity.Id, out var now) != ProcessLookup.Found || now.Session == Identity.Id || now.Group == Identity.Id;

    private void TakeTerminalBack()
    {
        if (_terminal >= 0)
        {
            if (LibC.ForegroundGroup(_terminal) == Identity.Id)
            {
                ForegroundTerminal.Give(_terminal, LibC.OwnGroup());
            }

            _ = LibC.Close(_terminal);
        }
    }
}
