using System.Reactive.Concurrency;

namespace SignalStreams;

/// <summary>What the subscribers of one receiver share, each behind a containment of its own.</summary>
internal sealed class SharedReceiverObservable<T>(SharedReceiver receiver, Func<SignalDelivery, T> select, string surface) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var contained = new ContainedObserver<SignalDelivery, T>(observer, select, surface);
        contained.Subscription.Disposable = receiver.Add(contained);

        // Once the operators in front know how to leave: what waits in the receiver comes at once, and one who has had enough must not be given the rest.
        CurrentThreadScheduler.Instance.Schedule(receiver.Start);
        return contained.Subscription;
    }
}
