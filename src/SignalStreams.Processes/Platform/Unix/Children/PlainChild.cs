using System.Runtime.InteropServices;

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
    private const int UnknownCode = 255;

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
        if (child._descriptor >= 0)
        {
            lock (child._reapGate)
            {
                child._watch = DescriptorWatcher.Current.Begin(child._descriptor, child);
            }
        }
        else
        {
            new Thread(child.WaitHere) { IsBackground = true, Name = "SignalStreams child" }.UnsafeStart();
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
                _ = ChildCalls.Kill(-Identity.Id, ShutdownSignal.SIGSTOP.GetNumber());
            }
        }

        var known = Look();
        Leftovers.Kill(Identity);
        foreach (var entry in known)
        {
            _ = ChildTable.Send(entry.Identity, ChildCalls.SigKill);
        }

        lock (_reapGate)
        {
            if (!_isReaped && !_isStolen)
            {
                _ = ChildCalls.Kill(-Identity.Id, ChildCalls.SigKill);
            }
        }
    }

    public override IReadOnlyList<UnixProcess> Look()
    {
        var all = ChildTable.TryReadAll() ?? [];
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

        WaitHere();
        return false;
    }

    private unsafe void WaitHere()
    {
        const int CodeOffset = 8;
        var statusOffset = OperatingSystem.IsLinux() ? 24 : 20;
        var information = stackalloc byte[ChildCalls.OpaqueSize];
        int result;
        while ((result = ChildCalls.WaitId(ChildCalls.IdIsProcess, Identity.Id, information, ChildCalls.WaitExited | ChildCalls.WaitNoReap)) < 0
            && Marshal.GetLastPInvokeError() == ChildCalls.Interrupted)
        {
            // Once more.
        }

        SetEnded();
        TakeTerminalBack();
        if (result == 0)
        {
            SetExit(StatusOf(*(int*)(information + CodeOffset), *(int*)(information + statusOffset)));
        }
        else
        {
            // Somebody else has reaped it: the runtime does that to everybody's children when this is process 1, or when it was started with SIGCHLD
            // ignored. A new kernel still knows how it ended (PIDFD_GET_INFO); otherwise it is not known, and not made up to be a success.
            lock (_reapGate)
            {
                _isStolen = true;
            }

            SetExit(_descriptor >= 0 && UnixCalls.WaitStatusOf(_descriptor) is { } status ? ProcessDescriptor.Decode(status) : ProcessExitStatus.FromCode(UnknownCode));
        }

        if (_descriptor >= 0)
        {
            _ = ChildCalls.Close(_descriptor);
        }

        ThreadPool.UnsafeQueueUserWorkItem(static child => _ = child.WaitForGroupAsync(), this, preferLocal: false);
    }

    private async Task WaitForGroupAsync()
    {
        while (Look() is { Count: > 0 } living)
        {
            await ChildTable.WaitForEndAsync(living[0].Identity, LookAgain).ConfigureAwait(false);
        }

        lock (_reapGate)
        {
            _isReaped = true;
        }

        Spawner.Reap(Identity.Id);
        SetGone();
    }

    private void TakeTerminalBack()
    {
        if (_terminal >= 0)
        {
            if (ChildCalls.ForegroundGroup(_terminal) == Identity.Id)
            {
                ForegroundTerminal.Give(_terminal, ChildCalls.OwnGroup());
            }

            _ = ChildCalls.Close(_terminal);
        }
    }
}
