namespace SignalStreams;

/// <summary>Cancels a source at the first signal.</summary>
internal sealed class CancelListener(SignalRouter router, string surface, CancellationTokenSource target) : FirstSignalListener(router, surface)
{
    public bool IsCancelled => target.IsCancellationRequested;

    protected override void Fire(in SignalDelivery delivery)
    {
        try
        {
            if (target is SignalCancellationTokenSource source)
            {
                source.CancelBecauseOf(in delivery);
            }
            else
            {
                target.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
        catch (AggregateException e)
        {
            // A callback of the token threw; all of them were called.
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
    }
}
