using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>What the handler saw of one signal; "record" in relay.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RelayRecord
{
    /// <summary>Of CLOCK_MONOTONIC, in ns: what <see cref="System.Diagnostics.Stopwatch"/> counts in on Linux.</summary>
    public long Time;

    public int Signal;

    /// <summary>si_code of sigaction(2).</summary>
    public int Code;

    public int ProcessId;

    public uint UserId;

    public long Value;

    /// <summary>More than 1 where the ring was full, and repeats were only counted.</summary>
    public long Count;
}
