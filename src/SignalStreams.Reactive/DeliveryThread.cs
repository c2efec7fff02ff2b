using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>Awaiting it goes on where a receiver's elements belong: upon a delivery thread of the library, or in the thread pool if its options say so.</summary>
/// <remarks>It is a listener without signals, since listeners are what those threads serve. Awaited once.</remarks>
internal sealed class DeliveryThread(ReceiverCore core) : SignalListener(core.Router, core.Surface), ICriticalNotifyCompletion
{
    private Action? _continuation;

    public bool IsCompleted => false;

    public override bool NeedsWakeUp => _continuation is not null;

    public override bool IsDone => true;

    /// <summary>Whether what has just been read may be handed on here.</summary>
    /// <remarks>What arrives in the instant in which a reader begins to wait comes to it through the pool, whatever the options say.</remarks>
    public static bool IsCurrent(ReceiverCore core) => Thread.CurrentThread.IsThreadPoolThread == core.Options.RunContinuationsAsynchronously;

    public DeliveryThread GetAwaiter() => this;

    public void GetResult()
    {
    }

    // The compiler calls the unsafe one and restores the execution context itself.
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _continuation = continuation;
        if (core.Options.RunContinuationsAsynchronously)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static thread => thread.WakeUp(), this, preferLocal: false);
        }
        else
        {
            Router.WakeLater(this);
        }
    }

    public override void WakeUp()
    {
        LeaveQueue();
        Interlocked.Exchange(ref _continuation, null)?.Invoke();
    }

    public override RecordOutcome Record(Subscription subscription, in SignalDelivery delivery, bool isQueued) => RecordOutcome.Recorded;

    public override void Drop()
    {
    }
}
