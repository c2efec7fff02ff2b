namespace SignalStreams;

/// <summary>One subscription to a receiver that is shared with others.</summary>
internal abstract class ReceiverObserver(ReceiverMulticast multicast) : IDisposable
{
    private volatile bool _isDisposed;

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            multicast.Remove(this);
        }
    }

    /// <returns>False when it was disposed before.</returns>
    public bool TryNext(in SignalDelivery delivery)
    {
        if (_isDisposed)
        {
            return false;
        }

        OnNext(in delivery);
        return true;
    }

    public void Complete()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            OnCompleted();
        }
    }

    protected abstract void OnNext(in SignalDelivery delivery);

    protected abstract void OnCompleted();
}
