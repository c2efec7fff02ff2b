using System.Diagnostics;

namespace SignalStreams;

/// <summary>What a stop of a process, a group or a tree works on.</summary>
internal sealed class UnixStopScope(ProcessTarget target, IProcessMembers members, IProcessTable table, ProcessSender sender, ExitWatcher watcher, int descriptorLimit) : IStopScope
{
    private static readonly TimeSpan ReapTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<ProcessIdentity, Member> _living = [];
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProcessDescriptor? _own;
    private ProcessExitStatus? _status;
    private bool _isDisposed;

    public string Description { get; } = target.ToString();

    public object Key { get; } = (target.Kind, target.Identity);

    public Task Gone => _gone.Task;

    public bool CanGrow => target.Kind != ProcessTargetKind.Process;

    public bool NeedsFreeze
    {
        get
        {
            lock (_gate)
            {
                return members.NeedsFreeze;
            }
        }
    }

    public ProcessExitStatus? ExitStatus
    {
        get
        {
            lock (_gate)
            {
                _status ??= _own?.ExitStatus;
                if (_status is not null || target.Handle is null)
                {
                    return _status;
                }
            }

            return _status = ExitStatusOfChild(target.Handle);
        }
    }

    // The runtime reaps a child of ours on a thread of its own, soon after the end. (Process.WaitForExitAsync waits for whoever holds the output as well.)
    public async Task WaitForExitStatusAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        var pause = ShortestPause;
        while (ExitStatus is null && target.Handle is { } child && !HasExited(child) && TimeProvider.System.GetElapsedTime(start) < ReapTime)
        {
            await Task.Delay(pause, LibraryTime.Shared).OnLibrary();
            pause = pause < LongestPause ? pause * 2 : pause;
        }
    }

    public IReadOnlyList<ProcessIdentity> Look()
    {
        lock (_gate)
        {
            return LookUnderGate();
        }
    }

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal)
    {
        ProcessDescriptor? descriptor;
        lock (_gate)
        {
            descriptor = _living.GetValueOrDefault(process)?.Descriptor;
        }

        return SignalTable.Current.NumberOf(signal) is { } number ? sender.Send(process, descriptor, number, null) : SendOutcome.NotDeliverable;
    }

    public IReadOnlyList<ProcessIdentity>? TrySendAll(ShutdownSignal signal)
    {
        if (SignalTable.Current.NumberOf(signal) is not { } number)
        {
            return null;
        }

        lock (_gate)
        {
            // Signal 0 is not delivered, and says whether one could be (kill(2)).
            return members.TrySendAll(number, process => sender.Send(process, _living.GetValueOrDefault(process)?.Descriptor, 0, null));
        }
    }

    public bool Sweep(HashSet<ProcessIdentity> frozen)
    {
        // On Unix only.
#pragma warning disable CA1416
        var number = ShutdownSignal.SIGSTOP.GetNumber();
#pragma warning restore CA1416
        lock (_gate)
        {
            return members.Sweep(process =>
            {
                var isSent = sender.Send(process, null, number, null) == SendOutcome.Sent;
                if (isSent)
                {
                    frozen.Add(process);
                }

                return isSent;
            });
        }
    }

    public bool TryKillAll()
    {
        lock (_gate)
        {
            return members.TryKillAll();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var member in _living.Values)
            {
                Release(member);
            }

            _living.Clear();
            _own?.Dispose();
        }
    }

    private List<ProcessIdentity> LookUnderGate()
    {
        while (!_isDisposed && !_gone.Task.IsCompleted)
        {
            var found = members.Find();
            found.RemoveAll(process => !_living.ContainsKey(process) && !Track(process));
            if (found.Count < _living.Count)
            {
                HashSet<ProcessIdentity> present = [.. found];
                foreach (var (process, member) in _living.Where(entry => !present.Contains(entry.Key)).ToList())
                {
                    Forget(process, member);
                }
            }

            if (found.Count > 0)
            {
                return found;
            }

            // All that were found may have ended before they could be watched, and have left children.
            if (members.Find().Count == 0)
            {
                _gone.TrySetResult();
            }
        }

        return [];
    }

    /// <returns>False when it has ended.</returns>
    private bool Track(ProcessIdentity process)
    {
#pragma warning disable CA2000 // The member has it, and is released.
        if (ProcessDescriptor.TryOpen(process, table, descriptorLimit, out var descriptor) == ProcessLookup.Gone)
#pragma warning restore CA2000
        {
            return false;
        }

        if (process == target.Identity)
        {
            _own = descriptor;
        }

        var member = new Member(descriptor);
        _living.Add(process, member);
        member.Watch = watcher.Add(process, descriptor, () => OnEnded(process));
        return true;
    }

    private void OnEnded(ProcessIdentity process)
    {
        lock (_gate)
        {
            if (!_living.TryGetValue(process, out var member))
            {
                return;
            }

            Forget(process, member);
            if (_living.Count > 0)
            {
                return;
            }

            try
            {
                LookUnderGate();
            }
            catch (IOException e)
            {
                _gone.TrySetException(e);

                // A stop that is over or was cancelled does not ask any more.
                _ = _gone.Task.Exception;
            }
        }
    }

    private void Forget(ProcessIdentity process, Member member)
    {
        _living.Remove(process);
        if (process == target.Identity)
        {
            // Now, since a child of ours is reaped soon.
            _status ??= member.Descriptor?.ExitStatus;
        }

        Release(member);
    }

    private void Release(Member member)
    {
        member.Watch?.Cancel();
        if (member.Descriptor != _own)
        {
            member.Descriptor?.Dispose();
        }
    }

    private static bool HasExited(Process child)
    {
        try
        {
            return child.HasExited;
        }
        catch (InvalidOperationException)
        {
            // Disposed: there is nothing to wait for.
            return true;
        }
    }

    private ProcessExitStatus? ExitStatusOfChild(Process child)
    {
        // From 129 up the runtime's exit code may mean a signal or a code.
        const int LargestPlainCode = 128;
        try
        {
            if (!child.HasExited)
            {
                return null;
            }

            return _own?.ExitStatus ?? (child.ExitCode <= LargestPlainCode ? ProcessExitStatus.FromCode(child.ExitCode) : null);
        }
        catch (InvalidOperationException)
        {
            // No child of ours, or disposed.
            return null;
        }
    }

    private sealed class Member(ProcessDescriptor? descriptor)
    {
        public ProcessDescriptor? Descriptor => descriptor;

        public ExitWatcher.Watch? Watch { get; set; }
    }
}
