namespace SignalStreams;

/// <summary>The system's table of processes.</summary>
internal interface IProcessTable
{
    /// <summary>Looks one up.</summary>
    ProcessLookup Find(int processId, out UnixProcess process);

    /// <summary>All of them, zombies included; those that vanish in the middle are left out.</summary>
    /// <param name="found">Is given each as soon as it has been read, in the order of their ids where the system keeps to that; some twice, maybe.</param>
    List<UnixProcess> ReadAll(Action<UnixProcess>? found = null);
}
