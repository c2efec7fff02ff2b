using System.ComponentModel;
using System.Diagnostics;

namespace SignalStreams;

/// <summary>The table of a Unix without /proc/N/stat, by what the runtime and POSIX tell: who is there, since when, in which group and session.</summary>
/// <remarks>Nothing says who the parent of a process is, whether it is a zombie, or whether it is stopped.</remarks>
internal sealed class PortableProcessTable : IProcessTable
{
    public ProcessLookup Find(int processId, out UnixProcess process)
    {
        try
        {
            using var found = Process.GetProcessById(processId);
            return TryDescribe(found, out process) ? ProcessLookup.Found : ProcessLookup.Gone;
        }
        catch (ArgumentException)
        {
            process = default;
            return ProcessLookup.Gone;
        }
    }

    public List<UnixProcess> ReadAll(Action<UnixProcess>? found = null)
    {
        List<UnixProcess> all = [];
        foreach (var handle in Process.GetProcesses())
        {
            using (handle)
            {
                if (TryDescribe(handle, out var process))
                {
                    all.Add(process);
                    found?.Invoke(process);
                }
            }
        }

        return all;
    }

    private static bool TryDescribe(Process found, out UnixProcess process)
    {
        try
        {
            process = new UnixProcess
            {
                Identity = new() { Id = found.Id, StartTime = StartTime(found), Name = found.ProcessName },
                Group = UnixCalls.GroupOf(found.Id),
                Session = UnixCalls.SessionOf(found.Id),
            };
            return true;
        }
        catch (InvalidOperationException)
        {
            process = default;
            return false;
        }
    }

    private static long StartTime(Process found)
    {
        try
        {
            return found.StartTime.Ticks;
        }
        catch (Win32Exception)
        {
            // Not told of another user's process.
            return 0;
        }
    }
}
