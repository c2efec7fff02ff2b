using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

/// <inheritdoc/>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsJob : IWindowsJob
{
    private readonly nuint _key;

    /// <exception cref="Win32Exception">The system refused.</exception>
    public WindowsJob()
    {
        Handle = Kernel32.CreateJobObject(null, null);
        if (Handle.IsInvalid)
        {
            throw new Win32Exception();
        }

        // Without a right to break away: nobody leaves it.
        var limits = new Kernel32.JobLimits { LimitFlags = Kernel32.JobKillOnClose };
        (_key, Emptied) = JobNotifications.Instance.Add();
        var port = new Kernel32.JobPort { Key = _key, Port = JobNotifications.Instance.Port };
        if (!Kernel32.SetInformationJobObject(Handle, Kernel32.JobExtendedLimits, &limits, (uint)sizeof(Kernel32.JobLimits))
            || !Kernel32.SetInformationJobObject(Handle, Kernel32.JobCompletionPort, &port, (uint)sizeof(Kernel32.JobPort)))
        {
            var error = new Win32Exception();
            Dispose();
            throw error;
        }
    }

    public SafeFileHandle Handle { get; }

    public Task Emptied { get; }

    public int ActiveProcesses
    {
        get
        {
            Kernel32.JobAccounting accounting;
            return Query(Kernel32.JobBasicAccounting, &accounting, (uint)sizeof(Kernel32.JobAccounting)) == WindowsError.None
                ? (int)accounting.ActiveProcesses
                : 0;
        }
    }

    public IReadOnlyList<int> ProcessIds()
    {
        // JOBOBJECT_BASIC_PROCESS_ID_LIST: two DWORDs, how many there are and how many were written, and the ids as pointers.
        for (var capacity = 64; ; capacity *= 4)
        {
            var buffer = new nuint[capacity + (sizeof(long) / sizeof(nuint))];
            fixed (nuint* pointer = buffer)
            {
                var error = Query(Kernel32.JobProcessIdList, pointer, (uint)(buffer.Length * sizeof(nuint)));
                if (error == WindowsError.MoreData)
                {
                    continue;
                }

                if (error != WindowsError.None)
                {
                    return [];
                }

                var written = (int)((uint*)pointer)[1];
                return [.. buffer.Skip(buffer.Length - capacity).Take(written).Select(id => (int)id)];
            }
        }
    }

    public bool Contains(IWindowsProcess process)
    {
        try
        {
            return Kernel32.IsProcessInJob(((WindowsProcess)process).Handle, Handle, out var isIn) && isIn;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public int Terminate(int exitCode)
    {
        try
        {
            return Kernel32.TerminateJobObject(Handle, (uint)exitCode) ? WindowsError.None : Marshal.GetLastPInvokeError();
        }
        catch (ObjectDisposedException)
        {
            return WindowsError.None;
        }
    }

    public void Dispose()
    {
        JobNotifications.Instance.Remove(_key);
        Handle.Dispose();
    }

    // A job that is closed is empty: closing it ended everybody.
    private int Query(int kind, void* information, uint length)
    {
        try
        {
            return Kernel32.QueryInformationJobObject(Handle, kind, information, length, null) ? WindowsError.None : Marshal.GetLastPInvokeError();
        }
        catch (ObjectDisposedException)
        {
            return WindowsError.InvalidHandle;
        }
    }
}
