namespace SignalStreams;

/// <summary>One enumeration of a receiver. Holds the receiver, so that it is not taken for unreachable while the loop waits.</summary>
internal sealed class SignalEnumerator(SignalReceiver receiver, CancellationToken cancellationToken, IDisposable? link = null)
    : IAsyncEnumerator<ShutdownSignal>, IAsyncEnumerator<SignalDelivery>
{
    private SignalDelivery _current;

    ShutdownSignal IAsyncEnumerator<ShutdownSignal>.Current => _current.Signal;

    SignalDelivery IAsyncEnumerator<SignalDelivery>.Current => _current;

    public ValueTask<bool> MoveNextAsync()
    {
        if (receiver.Core.CancelledBy(cancellationToken) is { IsCancellationRequested: true } cancelled)
        {
            return ValueTask.FromCanceled<bool>(cancelled);
        }

        return receiver.Core.Read(this, cancellationToken, out var delivery) is { } waiter
            ? new ValueTask<bool>(waiter, waiter.Version)
            : new ValueTask<bool>(MoveTo(delivery));
    }

    /// <returns>False for the delivery with sequence number 0: the receiver was closed.</returns>
    public bool MoveTo(in SignalDelivery delivery)
    {
        _current = delivery;
        return delivery.Sequence > 0;
    }

    public ValueTask DisposeAsync()
    {
        link?.Dispose();
        return ValueTask.CompletedTask;
    }
}
