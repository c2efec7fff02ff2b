namespace SignalStreams;

/// <summary>The system's table of processes.</summary>
internal interface IProcessTable
{
    /// <summary>Looks one up.</summary>
    ProcessLookup Find(int processId, out UnixProcess process);

    /// <summary>All of them, zombies included; those that vanish in the middle are left out.</summary>
    List<UnixProcess> ReadAll();
}
