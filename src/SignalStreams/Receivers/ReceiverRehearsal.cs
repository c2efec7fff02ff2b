using System.Threading.Tasks.Sources;

namespace SignalStreams;

/// <summary>Goes the way of a signal once, before there is one, so that the first signal of a process finds it trodden.</summary>
/// <remarks>It happens on a delivery thread that has nothing else to do yet, with a receiver that nobody else knows of and that claims nothing.</remarks>
internal static class ReceiverRehearsal
{
    private static int _isDone;

    public static void Run(SignalRouter router)
    {
        if (Interlocked.Exchange(ref _isDone, 1) != 0)
        {
            return;
        }

        var core = new ReceiverCore(router, nameof(ReceiverRehearsal), SignalReceiverOptions.Default, CancellationToken.None);
        var subscription = new Subscription(core, ShutdownSignal.SIGTERM, ShutdownSignal.SIGTERM);
        var waiter = core.Read(core, CancellationToken.None, out _)!;
        waiter.OnCompleted(static state => ((ReceiveWaiter)state!).GetResult(((ReceiveWaiter)state).Version), waiter, waiter.Version, ValueTaskSourceOnCompletedFlags.None);
        core.Record(subscription, new SignalDelivery { Signal = ShutdownSignal.SIGTERM, Sequence = 1 }, isQueued: false);
        core.Execute();
    }
}
