using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>What the keeper tells; "message" in keeper.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KeeperMessage
{
    public KeeperMessageKind Kind;

    /// <summary>Started: the child's process id. Failed: the <see cref="StartStage"/>. Exited: si_code of waitid(2). Stopped: the signal.</summary>
    public int A;

    /// <summary>Started: whether it is in its control group. Failed: errno. Exited: si_status.</summary>
    public int B;

    /// <summary>Started: whether it has the terminal.</summary>
    public int C;
}
