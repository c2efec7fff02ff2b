namespace SignalStreams.Processes.Tests;

internal static class UnixProcesses
{
    /// <summary>One that is there, if only as a zombie.</summary>
    public static UnixProcess? Find(int pid) => ChildTable.TryReadAll()! is var all && all.FindIndex(process => process.Id == pid) is >= 0 and var at ? all[at] : null;
}
