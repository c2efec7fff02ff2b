namespace SignalStreams;

/// <summary>What a look for a process found.</summary>
internal enum ProcessLookup
{
    /// <summary>Nobody has the id, or has ended and waits to be reaped.</summary>
    Gone,

    /// <summary>Somebody has it.</summary>
    Found,

    /// <summary>It could not be looked at: no descriptor is to be had.</summary>
    Unknown,
}
