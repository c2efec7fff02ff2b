using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace SignalStreams;

/// <summary>Opens a receiver of its own for each subscriber.</summary>
/// <remarks>No operator of System.Reactive stands between: those drop what comes after a disposal, and defer a subscription that is made in the course of another.</remarks>
internal sealed class SignalObservable<T>(
    SignalHub hub,
    string surface,
    SignalReceiverOptions options,
    ShutdownSignal[] signals,
    IScheduler? scheduler,
    Func<SignalDelivery, T> select,
    CancellationToken token) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (token.IsCancellationRequested)
        {
            observer.OnCompleted();
            return Disposable.Empty;
        }

        SignalReceiver receiver;
        try
        {
            receiver = hub.OpenSignalReceiver(options, signals, surface, CancellationToken.None);
        }
#pragma warning disable CA1031 // An observable says through OnError whatever goes wrong after the call that made it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            observer.OnError(e);
            return Disposable.Empty;
        }

        var subscription = new SignalSubscription<T>(receiver, observer, scheduler, select);
        subscription.Start(token);
        return subscription;
    }
}
