namespace SignalStreams;

/// <summary>A receiver's deliveries as a stream.</summary>
internal sealed class DeliveryEnumerable(SignalReceiver receiver, CancellationToken ofCall) : IAsyncEnumerable<SignalDelivery>
{
    public IAsyncEnumerator<SignalDelivery> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (ofCall.CanBeCanceled && cancellationToken.CanBeCanceled && ofCall != cancellationToken)
        {
#pragma warning disable CA2000 // The enumerator disposes it.
            var link = CancellationTokenSource.CreateLinkedTokenSource(ofCall, cancellationToken);
#pragma warning restore CA2000
            return new SignalEnumerator(receiver, link.Token, link);
        }

        return new SignalEnumerator(receiver, ofCall.CanBeCanceled ? ofCall : cancellationToken);
    }
}
