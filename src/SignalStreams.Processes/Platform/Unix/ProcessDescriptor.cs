using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

/// <summary>A descriptor that stands for one process and no later one of its id: pidfd_open(2).</summary>
internal sealed class ProcessDescriptor : SafeHandleMinusOneIsInvalid
{
    private static int openNow;
    private readonly bool _isCounted;

    private ProcessDescriptor(int descriptor, bool isCounted)
        : base(ownsHandle: true)
    {
        _isCounted = isCounted;
        SetHandle(descriptor);
    }

    /// <summary>How many are kept open now, short-lived ones aside.</summary>
    public static int Kept => Volatile.Read(ref openNow);

    /// <summary>Opens one, and checks afterwards that the id is still that process's.</summary>
    /// <param name="process">Who.</param>
    /// <param name="table">Where the start time is looked up.</param>
    /// <param name="limit">How many may be kept open in all; null for one that is closed again at once.</param>
    /// <param name="opened">The descriptor, or null: use the id then, and check the start time.</param>
    /// <returns>Whether the process lives.</returns>
    public static ProcessLookup TryOpen(ProcessIdentity process, IProcessTable table, int? limit, out ProcessDescriptor? opened)
    {
        opened = null;
        var isCounted = limit is not null;
        if (isCounted && Interlocked.Increment(ref openNow) > limit)
        {
            // The rest of the program needs descriptors too.
            Interlocked.Decrement(ref openNow);
            return Check(process, table);
        }

        var descriptor = UnixCalls.OpenProcess(process.Id);
        if (descriptor < 0)
        {
            if (isCounted)
            {
                Interlocked.Decrement(ref openNow);
            }

            // The kernel is too old (ENOSYS), a filter forbids it (EPERM), or there are no descriptors left (EMFILE).
            return descriptor == -UnixCalls.NoSuchProcess ? ProcessLookup.Gone : Check(process, table);
        }

        var candidate = new ProcessDescriptor(descriptor, isCounted);
        var found = Check(process, table);
        if (found == ProcessLookup.Found)
        {
            opened = candidate;
        }
        else
        {
            candidate.Dispose();
        }

        return found;
    }

    /// <summary>Whether an id is still that process's.</summary>
    public static ProcessLookup Check(ProcessIdentity process, IProcessTable table)
    {
        var found = table.Find(process.Id, out var now);
        return found == ProcessLookup.Found && now.Identity.StartTime != process.StartTime ? ProcessLookup.Gone : found;
    }

    /// <summary>Sends a signal to it.</summary>
    /// <returns>0, or the error.</returns>
    public int Send(int signal, int? value) => Use(descriptor => UnixCalls.SendTo(descriptor, signal, value), UnixCalls.NoSuchProcess);

    /// <summary>How it ended; null where nobody says.</summary>
    public ProcessExitStatus? ExitStatus => Use(UnixCalls.ExitStatusOf, null);

    /// <summary>Gives the number to a call, during which it cannot be closed and given to another file.</summary>
    public T Use<T>(Func<int, T> call, T closed)
    {
        var isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            return call((int)handle);
        }
        catch (ObjectDisposedException)
        {
            return closed;
        }
        finally
        {
            if (isHeld)
            {
                DangerousRelease();
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        if (_isCounted)
        {
            Interlocked.Decrement(ref openNow);
        }

        UnixCalls.CloseDescriptor((int)handle);
        return true;
    }
}
