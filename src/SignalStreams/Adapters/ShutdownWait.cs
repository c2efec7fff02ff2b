namespace SignalStreams;

/// <summary>One wait for the first of some signals.</summary>
internal sealed class ShutdownWait(SignalRouter router, ShutdownKeeper keeper, string surface) : FirstSignalListener(router, surface)
{
    // Continuations run on the delivery thread that completes it: a starved pool must not delay a shutdown.
    private readonly TaskCompletionSource<ShutdownSignal> _received = new();
    private IReadOnlyCollection<ShutdownSignal> _signals = [];

    public async Task<ShutdownSignal> WaitAsync(IReadOnlyCollection<ShutdownSignal> signals, SignalListenOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (this)
        {
            _signals = signals;
            Open(signals, options);
            using var cancellation = cancellationToken.UnsafeRegister(static (wait, token) => ((ShutdownWait)wait!).Cancel(token), this);
            return await _received.Task.ConfigureAwait(false);
        }
    }

    protected override void Fire(in SignalDelivery delivery)
    {
        // Before the wait ends: the second Ctrl-C must not kill the clean-up that the first one is about to begin.
        keeper.Keep(_signals);
        _received.SetResult(delivery.Signal);
    }

    private void Cancel(CancellationToken token)
    {
        if (Close())
        {
            _received.SetCanceled(token);
        }
    }
}
