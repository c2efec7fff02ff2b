using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Reaps the orphans that this process has adopted, as process 1 or as a subreaper.</summary>
/// <remarks>
/// <para>It peeks (WNOWAIT) before it reaps, and leaves two kinds of children alone. Those that this library has started are known
/// (<see cref="OwnChildren"/>). Those of <see cref="System.Diagnostics.Process"/> are known to the runtime only, which reaps them as soon as it hears of their
/// end; so in a program that uses that class a zombie is reaped here only after it has been one for a grace time, by when it is nobody's.</para>
/// <para>As process 1 the runtime itself reaps whoever is its child (wait4(-1)) as soon as anybody has registered for SIGCHLD, as this does; measured with
/// .NET 10.0. Children with a keeper lose nothing by that, since the keeper tells how they ended.</para>
/// <para>A program that starts nothing but through this library can do without the grace time.</para>
/// </remarks>
internal sealed class OrphanReaper : IDisposable
{
    private const int SetSubreaper = 36;

    private readonly Lock _gate = new();
    private readonly Dictionary<ProcessIdentity, long> _seen = [];
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly ITimer _again;
    private readonly PosixSignalRegistration _registration;
    private int _count;

    private OrphanReaper(TimeSpan grace, TimeProvider time)
    {
        _grace = grace;
        _time = time;
        _again = time.CreateTimer(static reaper => ((OrphanReaper)reaper!).Reap(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
#pragma warning disable CA1416 // On Unix only.
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Reap());
#pragma warning restore CA1416
    }

    /// <summary>How many it has reaped.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins; what has ended before is reaped too.</summary>
    /// <param name="becomeSubreaper">Whether this process is to adopt the orphans among its descendants (PR_SET_CHILD_SUBREAPER, Linux); process 1 does anyway.</param>
    /// <param name="grace">How long the runtime has for its own children; zero where it has none.</param>
    /// <param name="time">The clock of the grace time.</param>
    public static OrphanReaper Start(bool becomeSubreaper, TimeSpan grace, TimeProvider? time = null)
    {
        if (becomeSubreaper && OperatingSystem.IsLinux() && ChildCalls.ProcessControl(SetSubreaper, 1, 0, 0, 0) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"This process cannot become a subreaper: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var reaper = new OrphanReaper(grace, time ?? TimeProvider.System);
        reaper.Reap();
        return reaper;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _again.Dispose();
    }

    private void Reap()
    {
        lock (_gate)
        {
            OwnChildren.EnterReaping();
            try
            {
                while (Peek() is > 0 and var pid)
                {
                    // One that is to be left alone hides the others behind it.
                    if (_grace > TimeSpan.Zero || OwnChildren.Contains(pid))
                    {
                        ReapListed();
                        return;
                    }

                    Reap(pid);
                }
            }
            finally
            {
                OwnChildren.ExitReaping();
            }
        }
    }

    private void ReapListed()
    {
        if (ChildTable.TryReadAll() is not { } all)
        {
            return;
        }

        var now = _time.GetTimestamp();
        var own = Environment.ProcessId;
        var zombies = all.FindAll(process => process.Parent == own && process.IsEnded && !OwnChildren.Contains(process.Id));
        foreach (var gone in _seen.Keys.Except(zombies.Select(zombie => zombie.Identity)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach (var zombie in zombies)
        {
            if (_grace <= TimeSpan.Zero || (_seen.TryGetValue(zombie.Identity, out var since) && _time.GetElapsedTime(since, now) >= _grace))
            {
                _seen.Remove(zombie.Identity);
                Reap(zombie.Id);
            }
            else
            {
                _seen.TryAdd(zombie.Identity, now);
            }
        }

        if (_seen.Count > 0)
        {
            _again.Change(_grace, Timeout.InfiniteTimeSpan);
        }
    }

    private static int Peek()
    {
        _ = UnixCalls.Wait(UnixCalls.AnyChild, 0, reaps: false, waits: false, out var report);
        return report.ProcessId;
    }

    private void Reap(int pid)
    {
        if (UnixCalls.Wait(UnixCalls.OneChild, pid, reaps: true, waits: false, out var report) == 0 && report.ProcessId != 0)
        {
            Interlocked.Increment(ref _count);
        }
    }
}
