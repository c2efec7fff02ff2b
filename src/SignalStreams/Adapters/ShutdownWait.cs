namespace SignalStreams;

/// <summary>One wait for the first of some signals.</summary>
internal sealed class ShutdownWait(SignalRouter router, ShutdownKeeper keeper, string surface) : FirstSignalListener(router, surface)
{
    // Continuations run on the delivery thread that completes it: a starved pool must not delay a shutdown.
    private readonly TaskCompletionSource<ShutdownSignal> _received = new();
    private ShutdownSignal[] _signals = [];
    private SignalListenOptions _options = SignalListenOptions.Default;
    private volatile bool _hasFired;

    public async Task<ShutdownSignal> WaitAsync(ShutdownSignal[] signals, SignalListenOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (this)
        {
            _signals = signals;
            _options = options;
            Open(signals, options);
            using var cancellation = cancellationToken.UnsafeRegister(static (wait, token) => ((ShutdownWait)wait!).Cancel(token), this);
            return await _received.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Not once it has received: the clean-up that follows is what a system that is about to end the process has to wait for.</summary>
    public override bool IsDone => base.IsDone && !_hasFired;

    public override void Drop()
    {
        base.Drop();

        // Not here: what goes on after the wait is user code, and this thread is that of whoever disposes the hub.
        ThreadPool.UnsafeQueueUserWorkItem(
            static received => received.TrySetException(new ObjectDisposedException(nameof(SignalHub), "The hub was closed while the program waited for a signal.")),
            _received,
            preferLocal: false);
    }

    protected override void Fire(in SignalDelivery delivery)
    {
        _hasFired = true;

        // Before the wait ends: the second Ctrl-C must not kill the clean-up that the first one is about to begin.
        keeper.Keep(_signals, _options);
        _received.TrySetResult(delivery.Signal);
    }

    private void Cancel(CancellationToken token)
    {
        if (Close())
        {
            _received.TrySetCanceled(token);
        }
    }
}
