namespace SignalStreams;

/// <summary>Cancels a source at the first signal.</summary>
internal sealed class CancelListener(SignalRouter router, string surface, CancellationTokenSource target) : FirstSignalListener(router, surface)
{
    private bool _hasFired;

    public bool IsCancelled => target.IsCancellationRequested;

    protected override bool IsActedOn => IsCancelled || Volatile.Read(ref _hasFired);

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
            // Disposed long ago, and the link forgotten: the process must not be deaf for the signal.
            GiveBack();
        }
        catch (AggregateException e)
        {
            // A callback of the token threw; all of them were called.
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
        finally
        {
            Volatile.Write(ref _hasFired, true);
        }
    }
}
