namespace SignalStreams;

/// <summary>A receiver as an observable, in one of its two forms.</summary>
internal sealed class ReceiverObservable<T>(SignalReceiver receiver, Func<SignalDelivery, T> select) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var multicast = ReceiverMulticast.Of(receiver);
        var subscription = new Subscription(multicast, observer, select);
        multicast.Add(subscription);
        return subscription;
    }

    private sealed class Subscription(ReceiverMulticast multicast, IObserver<T> observer, Func<SignalDelivery, T> select) : ReceiverObserver(multicast)
    {
        protected override void OnNext(in SignalDelivery delivery) => observer.OnNext(select(delivery));

        protected override void OnCompleted() => observer.OnCompleted();
    }
}
