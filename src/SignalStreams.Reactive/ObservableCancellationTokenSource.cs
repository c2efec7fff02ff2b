using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;

namespace SignalStreams;

/// <summary>A cancellation source that the first element of an observable cancels.</summary>
internal sealed class ObservableCancellationTokenSource<T> : CancellationTokenSource, IObserver<T>
{
    private const string Surface = "ToCancellationTokenSource";

    private readonly Lock _gate = new();
    private readonly SingleAssignmentDisposable _subscription = new();
    private Exception? _error;
    private bool _isSubscribed;

    public void OnNext(T value) => CancelAndContain();

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
        lock (_gate)
        {
            if (!_isSubscribed)
            {
                _error ??= error;
                return;
            }
        }

        SignalStreamsEventSource.Log.ConsumerFailed(Surface, error.ToString());
        CancelAndContain();
    }

    /// <exception cref="Exception">What the observable reported, or threw, in the course of the call.</exception>
    public void SubscribeTo(IObservable<T> source)
    {
        _subscription.Disposable = source.Subscribe(this);
        Exception? error;
        lock (_gate)
        {
            _isSubscribed = true;
            error = _error;
        }

        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _subscription.Dispose();
        }

        base.Dispose(disposing);
    }

    // The observable that calls is not to blame for a callback of the token that throws.
    private void CancelAndContain()
    {
        try
        {
            Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
#pragma warning disable CA1031 // Whatever callbacks throw harms nobody else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
    }
}
