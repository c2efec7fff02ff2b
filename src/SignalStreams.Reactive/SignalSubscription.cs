using System.Reactive.Concurrency;
using System.Reactive.Disposables;

#pragma warning disable CA1031 // Whatever an observer or a scheduler throws ends this subscription and nothing else.

namespace SignalStreams;

/// <summary>One observer and the receiver that was opened for it.</summary>
/// <remarks>
/// <list type="number">
/// <item>One loop hands deliveries on, so that calls of the observer never overlap.</item>
/// <item>A delivery on its way is in hand until its OnNext begins. A disposal in between puts it back: the receiver then
/// counts it as unread, and raises a terminating signal again. So none is lost between the receiver and the observer.</item>
/// <item>With a scheduler there is one delivery in hand at most; all others are still in the receiver, and unread.</item>
/// </list>
/// </remarks>
internal sealed class SignalSubscription<T>(SignalReceiver receiver, IObserver<T> observer, IScheduler? scheduler, Func<SignalDelivery, T> select) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SerialDisposable _scheduled = new();
    private readonly ReceiverCore _core = receiver.Core;
    private CancellationTokenRegistration _registration;
    private SignalDelivery _hand;
    private bool _isClosed;
    private volatile bool _isDisposed;

    public void Start(CancellationToken token)
    {
        _registration = token.UnsafeRegister(static subscription => ((SignalSubscription<T>)subscription!).Close(), this);
        _ = PumpAsync();
    }

    /// <summary>Closes the receiver; no OnNext begins any more.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Close();
        _scheduled.Dispose();

        // Does not wait for the callback, which may be waiting for us.
        _registration.Unregister();
    }

    private void Close()
    {
        SignalDelivery unseen;
        lock (_gate)
        {
            _isClosed = true;
            unseen = _hand;
            _hand = default;
        }

        if (unseen.Sequence > 0)
        {
            _core.PutBack(in unseen);
        }

        receiver.Dispose();
    }

    private async Task PumpAsync()
    {
        // Not on the thread that subscribes, even if something has arrived already.
        await new DeliveryThread(_core);
        while (await _core.ReadAsync(receiver, CancellationToken.None).ConfigureAwait(false) is { Sequence: > 0 } delivery)
        {
            if (!TryTakeInHand(in delivery))
            {
                _core.PutBack(in delivery);
            }
            else if (scheduler is not null)
            {
                await RunOnScheduler(Deliver);
            }
            else
            {
                if (!DeliveryThread.IsCurrent(_core))
                {
                    await new DeliveryThread(_core);
                }

                Deliver();
            }
        }

        // Not closed by the observer: the token did it, or whoever closed the hub.
        if (_isDisposed)
        {
            return;
        }

        if (scheduler is not null)
        {
            await RunOnScheduler(Complete);
        }
        else
        {
            Complete();
        }
    }

    private bool TryTakeInHand(in SignalDelivery delivery)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _hand = delivery;
            }

            return !_isClosed;
        }
    }

    private void Deliver()
    {
        SignalDelivery delivery;
        lock (_gate)
        {
            delivery = _hand;
            _hand = default;
        }

        if (delivery.Sequence == 0)
        {
            return;
        }

        try
        {
            observer.OnNext(select(delivery));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Complete()
    {
        if (_isDisposed)
        {
            return;
        }

        Dispose();
        try
        {
            observer.OnCompleted();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private Handshake RunOnScheduler(Action action)
    {
        var done = new Handshake();
        var item = new SingleAssignmentDisposable();

        // Before it is scheduled: afterwards it may have run, and the next one taken its place.
        _scheduled.Disposable = item;
        try
        {
            item.Disposable = scheduler!.Schedule(() =>
            {
                action();
                done.Complete();
            });
        }
        catch (Exception e)
        {
            Fail(e);
            done.Complete();
        }

        return done;
    }

    private void Fail(Exception e)
    {
        SignalStreamsEventSource.Log.ConsumerFailed(_core.Surface, e.ToString());
        Dispose();
    }
}
