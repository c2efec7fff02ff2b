namespace SignalStreams.ProcessTests;

/// <summary>The child of unshare(1), which is process 1 of its namespace.</summary>
internal static class InitProcess
{
    public static void SendToInit(this ChildProcess unshare, ShutdownSignal signal) => unshare.SendTo(ChildProcess.ChildrenOf(unshare.Id).Single(), signal);
}
