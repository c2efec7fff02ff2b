namespace SignalStreams;

/// <summary>Chooses the table of processes.</summary>
internal static class ProcessTable
{
    /// <summary>The one of this system. It keeps descriptors in reserve, so one is enough.</summary>
    public static IProcessTable Shared { get; } = OperatingSystem.IsLinux() ? new ProcFileTable() : new PortableProcessTable();
}
