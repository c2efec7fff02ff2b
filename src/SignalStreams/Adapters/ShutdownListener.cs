namespace SignalStreams;

/// <summary>Calls back at the first signal, and stays in the way of the further ones until it is disposed.</summary>
internal sealed class ShutdownListener(SignalRouter router, string surface, Func<ShutdownSignal, Task> callback) : FirstSignalListener(router, surface)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public override bool MayBlock => true;

    // Not awaited: whoever blocks blocks its delivery thread, whoever awaits gives it back.
    protected override void Fire(in SignalDelivery delivery)
    {
        var signal = delivery.Signal;
        if (_context is null)
        {
            _ = CallAsync(signal);
        }
        else
        {
            ExecutionContext.Run(_context, _ => _ = CallAsync(signal), null);
        }
    }

    private async Task CallAsync(ShutdownSignal signal)
    {
        try
        {
            await callback(signal).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
    }
}
