using System.Reactive.Disposables;
using System.Runtime.CompilerServices;

#pragma warning disable CA1001 // The token source has no timer, no link and no wait handle: there is nothing to dispose.

namespace SignalStreams;

/// <summary>One loop over a receiver on behalf of all who observe it, from the first subscriber on until none is left.</summary>
/// <remarks>Not <c>Publish().RefCount()</c>, which loses the element that is read as the last subscriber leaves: here he still gets it, as Rx
/// allows. A wait that is cancelled leaves the signal in the receiver.</remarks>
internal sealed class SharedReceiver(SignalReceiver receiver)
{
    private static readonly ConditionalWeakTable<SignalReceiver, SharedReceiver> All = [];

    private readonly Lock _gate = new();
    private IObserver<SignalDelivery>[] _observers = [];
    private IObserver<SignalDelivery>[] _lastToLeave = [];
    private CancellationTokenSource _pause = new();
    private bool _isReading;

    public static SharedReceiver Of(SignalReceiver receiver) => All.GetValue(receiver, static receiver => new SharedReceiver(receiver));

    public IDisposable Add(IObserver<SignalDelivery> observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
        }

        return Disposable.Create(() => Remove(observer));
    }

    /// <summary>Begins to read, unless that has begun or everybody has left again.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isReading || _observers.Length == 0)
            {
                return;
            }

            _isReading = true;
        }

        _ = ReadAsync();
    }

    private void Remove(IObserver<SignalDelivery> observer)
    {
        CancellationTokenSource? pause = null;
        lock (_gate)
        {
            var rest = Array.FindAll(_observers, other => other != observer);
            if (rest.Length == 0 && _observers.Length > 0)
            {
                _lastToLeave = _observers;
                pause = _pause;
            }

            _observers = rest;
        }

        pause?.Cancel();
    }

    private async Task ReadAsync()
    {
        while (TryContinue(out var pause))
        {
            try
            {
                var delivery = await receiver.ReceiveDeliveryAsync(pause).ConfigureAwait(false);
                foreach (var observer in Audience())
                {
                    observer.OnNext(delivery);
                }
            }
            catch (OperationCanceledException) when (pause.IsCancellationRequested)
            {
                // Paused. Who has subscribed meanwhile is served by this loop.
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                Complete();
                return;
            }
        }
    }

    private bool TryContinue(out CancellationToken pause)
    {
        lock (_gate)
        {
            if (_pause.IsCancellationRequested)
            {
                _pause = new CancellationTokenSource();
            }

            pause = _pause.Token;
            _isReading = _observers.Length > 0;
            return _isReading;
        }
    }

    private IObserver<SignalDelivery>[] Audience()
    {
        lock (_gate)
        {
            return _observers.Length > 0 ? _observers : _lastToLeave;
        }
    }

    // Closed, or opened with a token that is cancelled: nothing more can come.
    private void Complete()
    {
        IObserver<SignalDelivery>[] observers;
        lock (_gate)
        {
            observers = _observers;
            _observers = [];
            _isReading = false;
        }

        foreach (var observer in observers)
        {
            observer.OnCompleted();
        }
    }
}
