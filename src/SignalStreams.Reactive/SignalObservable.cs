using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

#pragma warning disable CA1031 // Whatever an observer throws ends its own subscription and nothing else.

namespace SignalStreams;

/// <summary>Opens a receiver of its own for each subscriber.</summary>
/// <remarks>Not made of operators: those drop an element that comes while its subscription is disposed. It was read from the receiver and
/// would be lost; here the observer still gets it, as Rx allows.</remarks>
internal sealed class SignalObservable<T>(
    SignalHub hub,
    string surface,
    SignalReceiverOptions options,
    ShutdownSignal[] signals,
    IScheduler? scheduler,
    Func<SignalDelivery, T> select,
    CancellationToken cancellationToken)
    : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (cancellationToken.IsCancellationRequested)
        {
            observer.OnCompleted();
            return Disposable.Empty;
        }

        SignalReceiver receiver;
        try
        {
            receiver = hub.OpenSignalReceiver(options, signals, surface, CancellationToken.None);
        }
        catch (Exception e)
        {
            observer.OnError(e);
            return Disposable.Empty;
        }

        var closing = cancellationToken.UnsafeRegister(static receiver => ((SignalReceiver)receiver!).Dispose(), receiver);
        var subscription = new CompositeDisposable(receiver, Disposable.Create(() => closing.Unregister()));
        if (scheduler is not null)
        {
#pragma warning disable CA2000 // A subject that is disposed throws at the element that is on its way; it holds nothing.
            observer = Hop(observer, scheduler, subscription);
#pragma warning restore CA2000
        }

        // Once the operators in front know how to leave: one who has had enough with the first signal must not be given the second.
        CurrentThreadScheduler.Instance.Schedule(() => _ = PumpAsync(receiver, observer, subscription));
        return subscription;
    }

    private Subject<T> Hop(IObserver<T> observer, IScheduler scheduler, CompositeDisposable subscription)
    {
        var contained = new ContainedObserver<T, T>(observer, static element => element, surface);
        contained.Subscription.Disposable = subscription;
        var hop = new Subject<T>();
        subscription.Add(hop.ObserveOn(scheduler).Subscribe(contained));
        return hop;
    }

    private async Task PumpAsync(SignalReceiver receiver, IObserver<T> observer, CompositeDisposable subscription)
    {
        try
        {
            await foreach (var delivery in receiver.ReadDeliveriesAsync(CancellationToken.None).ConfigureAwait(false))
            {
                observer.OnNext(select(delivery));
            }

            if (!subscription.IsDisposed)
            {
                observer.OnCompleted();
            }
        }
        catch (Exception e)
        {
            SignalStreamsEventSource.Log.ConsumerFailed(surface, e.ToString());
            subscription.Dispose();
        }
    }
}
