namespace SignalStreams;

/// <summary>Cancels a scope at the first signal.</summary>
internal sealed class ScopeCancelListener(SignalRouter router, CancelScope scope) : FirstSignalListener(router, nameof(SignalHub.CancelOn)), IDisposable
{
    private volatile bool _hasFired;

    protected override bool IsActedOn => scope.CancelCalled || _hasFired;

    /// <summary>Gives the signals back, and is not kept by the scope any more.</summary>
    public new void Dispose()
    {
        scope.Unlink(this);
        base.Dispose();
    }

    protected override void Fire(in SignalDelivery delivery)
    {
        try
        {
            if (!scope.TryCancel(new SignalCancelReason(delivery)))
            {
                // Ended a moment ago: somebody else has to deal with the signal.
                GiveBack();
            }
        }
        catch (AggregateException e)
        {
            // Callbacks of the token threw; all of them were called.
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
        }
        finally
        {
            _hasFired = true;
        }
    }
}
