using System.Reactive.Disposables;

#pragma warning disable CA1031 // Whatever an observer throws ends its own subscription and nothing else.

namespace SignalStreams;

/// <summary>Opens a receiver of its own for each subscriber.</summary>
/// <remarks>Not made of operators: those drop an element that comes while its subscription is disposed. It was read from the receiver and
/// would be lost; here the observer still gets it, as Rx allows.</remarks>
internal sealed class SignalObservable<T>(
    SignalHub hub, string surface, SignalReceiverOptions options, ShutdownSignal[] signals, Func<SignalDelivery, T> select, CancellationToken cancellationToken)
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
        _ = PumpAsync(receiver, observer, subscription);
        return subscription;
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
