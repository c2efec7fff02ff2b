using System.Threading.Tasks.Sources;

namespace SignalStreams;

/// <summary>One read that waits for a delivery; used again once its result has been taken.</summary>
internal sealed class ReceiveWaiter : IValueTaskSource<SignalDelivery>
{
    private readonly ReceiverCore _core;
    private ManualResetValueTaskSourceCore<SignalDelivery> _source;
    private CancellationTokenRegistration _ofReader;
    private CancellationTokenRegistration _ofReceiver;
    private object? _owner;

    public ReceiveWaiter(ReceiverCore core, bool runContinuationsAsynchronously)
    {
        _core = core;
        _source.RunContinuationsAsynchronously = runContinuationsAsynchronously;
        Node = new LinkedListNode<ReceiveWaiter>(this);
    }

    /// <summary>Its place among those who wait; part of a list just as long as it waits.</summary>
    public LinkedListNode<ReceiveWaiter> Node { get; }

    public ValueTask<SignalDelivery> Task => new(this, _source.Version);

    /// <summary>Keeps the handle reachable while somebody waits on it: the core holds the waiter, the waiter the handle.</summary>
    public void Own(object owner) => _owner = owner;

    /// <summary>Called once the waiter is in the list, by the reader, who cannot take the result before this returns.</summary>
    public void WatchTokens(CancellationToken ofReader, CancellationToken ofReceiver)
    {
        _ofReader = Watch(ofReader);
        _ofReceiver = Watch(ofReceiver);
    }

    public void Complete(in SignalDelivery delivery) => _source.SetResult(delivery);

    public void Cancel(CancellationToken token) => _source.SetException(new OperationCanceledException(token));

    public SignalDelivery GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            // Waits for a callback that is running on another thread: past this, no late one can hit the next use.
            _ofReader.Dispose();
            _ofReceiver.Dispose();
            _ofReader = default;
            _ofReceiver = default;
            _owner = null;
            _source.Reset();
            _core.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private CancellationTokenRegistration Watch(CancellationToken token) =>
        token.UnsafeRegister(static (state, token) =>
        {
            var waiter = (ReceiveWaiter)state!;
            waiter._core.Cancel(waiter, token);
        }, this);
}
