namespace SignalStreams;

/// <summary>A cancellation source that a signal cancels; it says which one.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>The first signal cancels. Further ones do nothing, except that they count as attempts: at <see cref="SignalHub.MaxAttempts"/> the
/// process ends by the signal, even if every thread of it hangs.</item>
/// <item>Callbacks of the token run on a delivery thread of the library, or, when the signal came through the thread pool, perhaps on the
/// thread that brought it. One that throws is reported and harms nobody.</item>
/// <item>While it is not disposed it is rooted: its callbacks may be all that refers to it. Disposing gives the signals back.</item>
/// <item>It never changes the exit status of the process.</item>
/// </list>
/// </remarks>
public sealed class SignalCancellationTokenSource : CancellationTokenSource
{
    private readonly CancelListener _listener;
    private readonly CancellationTokenRegistration _link;
    private StrongBox? _delivery;

    internal SignalCancellationTokenSource(SignalRouter router, string surface, ShutdownSignal[] signals, SignalListenOptions options, CancellationToken linkedToken)
    {
        _listener = new CancelListener(router, surface, this);
        _listener.Open(signals, options);
        _link = linkedToken.UnsafeRegister(static source => ((SignalCancellationTokenSource)source!).Cancel(), this);
    }

    /// <summary>The signal that cancelled; null as long as none did, also when something else cancelled.</summary>
    public ShutdownSignal? Signal => Volatile.Read(ref _delivery)?.Value.Signal;

    /// <summary>The signal that cancelled with all that is known of it; null as long as none did.</summary>
    public SignalDelivery? Delivery => Volatile.Read(ref _delivery)?.Value;

    internal void CancelBecauseOf(in SignalDelivery delivery)
    {
        if (!IsCancellationRequested)
        {
            Volatile.Write(ref _delivery, new StrongBox(delivery));
            try
            {
                Cancel();
            }
            catch (ObjectDisposedException)
            {
                Volatile.Write(ref _delivery, null);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _listener.Dispose();
            _link.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed record StrongBox(SignalDelivery Value);
}
