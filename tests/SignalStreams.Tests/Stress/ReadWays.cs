namespace SignalStreams.Tests.Stress;

internal static class ReadWays
{
    /// <summary>Waits for one signal; null when the receiver was closed.</summary>
    public static async Task<ShutdownSignal?> ReadOneAsync(this SignalReceiver receiver, ReadWay way, CancellationToken cancellationToken)
    {
        switch (way)
        {
            case ReadWay.Receive:
                return await OrClosed(receiver.ReceiveAsync(cancellationToken).AsTask());
            case ReadWay.ReceiveDelivery:
                return await OrClosed(SignalOf(receiver.ReceiveDeliveryAsync(cancellationToken)));
            case ReadWay.Enumerate:
                await foreach (var signal in receiver.WithCancellation(cancellationToken))
                {
                    return signal;
                }

                return null;
            case ReadWay.EnumerateDeliveries:
                await foreach (var delivery in receiver.ReadDeliveriesAsync(cancellationToken))
                {
                    return delivery.Signal;
                }

                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(way));
        }
    }

    private static async Task<ShutdownSignal?> OrClosed(Task<ShutdownSignal> read)
    {
        try
        {
            return await read;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static async Task<ShutdownSignal> SignalOf(ValueTask<SignalDelivery> read) => (await read).Signal;
}
