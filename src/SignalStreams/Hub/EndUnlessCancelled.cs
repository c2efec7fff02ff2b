namespace SignalStreams;

/// <summary>Ends process 1 by a signal that was raised again and that no other owner, such as a Generic Host, has taken over.</summary>
/// <remarks>Whether another owner exists cannot be asked. But when none of them cancels the signal, the runtime takes its own handler away
/// before it raises the signal once more (System.Native, pal_signal.c), which the kernel then drops.</remarks>
internal sealed class EndUnlessCancelled(ShutdownSignal signal, IProcessExit exit) : IThreadPoolWorkItem
{
    // The owners' handlers run within microseconds; this is for a machine that is short of processors.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    public void Execute()
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience; Thread.Sleep(Interval))
        {
            if (!Dispositions.IsCaughtByRuntime(signal.GetNumber()))
            {
                exit.EndNow(signal);
                return;
            }
        }
    }
}
