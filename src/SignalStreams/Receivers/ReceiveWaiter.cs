using System.Threading.Tasks.Sources;

namespace SignalStreams;

/// <summary>One read that waits for a delivery, in each of the forms in which a receiver is read; used again once its result has been taken.</summary>
/// <remarks>What goes on after it goes on upon a delivery thread, also where the delivery came between the reader's first look and
/// its await: for that case the runtime's own source takes the thread pool, which may be starved.</remarks>
internal sealed class ReceiveWaiter : IValueTaskSource<SignalDelivery>, IValueTaskSource<ShutdownSignal>, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly ReceiverCore _core;
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source;
    private SignalDelivery _delivery;
    private CancellationTokenRegistration _ofReader;
    private CancellationTokenRegistration _ofReceiver;
    private object? _owner;
    private bool _isAwaited;
    private bool _isCompleted;
    private Action<object?>? _lateContinuation;
    private object? _lateState;
    private ExecutionContext? _lateContext;
    private OperationCanceledException? _cancellation;

    public ReceiveWaiter(ReceiverCore core, bool runContinuationsAsynchronously)
    {
        _core = core;
        _source.RunContinuationsAsynchronously = runContinuationsAsynchronously;
        Node = new LinkedListNode<ReceiveWaiter>(this);
    }

    /// <summary>Its place among those who wait; part of a list just as long as it waits.</summary>
    public LinkedListNode<ReceiveWaiter> Node { get; }

    public short Version => _source.Version;

    /// <summary>Keeps the handle, or its enumerator, reachable while somebody waits: the core holds the waiter, the waiter the handle.</summary>
    public void Own(object owner) => _owner = owner;

    /// <summary>Called once the waiter is in the list, by the reader, who cannot take the result before this returns.</summary>
    public void WatchTokens(CancellationToken ofReader, CancellationToken ofReceiver)
    {
        _ofReader = Watch(ofReader);
        _ofReceiver = Watch(ofReceiver);
    }

    public void Complete(in SignalDelivery delivery)
    {
        _delivery = delivery;
        lock (_gate)
        {
            _isCompleted = true;
            if (!_isAwaited)
            {
                // Runs nothing: there is nothing yet to go on with.
                _source.SetResult(true);
                return;
            }
        }

        _source.SetResult(true);
    }

    public void Cancel(CancellationToken token)
    {
        var error = new OperationCanceledException(token);
        lock (_gate)
        {
            _isCompleted = true;
            if (!_isAwaited)
            {
                _source.SetException(error);
                return;
            }
        }

        if (_source.RunContinuationsAsynchronously)
        {
            _source.SetException(error);
            return;
        }

        // Not here: the thread is that of whoever cancels, who may hold a lock or have other callbacks to call.
        _cancellation = error;
        _core.RunOnDeliveryThread(this);
    }

    public SignalDelivery GetResult(short token) => OpenOrThrow(Take(token));

    ShutdownSignal IValueTaskSource<ShutdownSignal>.GetResult(short token) => OpenOrThrow(Take(token)).Signal;

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        var enumerator = (SignalEnumerator)_owner!;
        return enumerator.MoveTo(Take(token));
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (_gate)
        {
            if (!_isCompleted)
            {
                _source.OnCompleted(continuation, state, token, flags);
                _isAwaited = true;
                return;
            }
        }

        if (_source.RunContinuationsAsynchronously || WantsContext(flags))
        {
            _source.OnCompleted(continuation, state, token, flags);
            return;
        }

        _lateContinuation = continuation;
        _lateState = state;
        _lateContext = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0 ? ExecutionContext.Capture() : null;
        _core.RunOnDeliveryThread(this);
    }

    /// <summary>Goes on, on a delivery thread, with what a cancelled wait is awaited by, or what was awaited too late to be gone on with at the completion.</summary>
    public void Execute()
    {
        try
        {
            GoOn();
        }
#pragma warning disable CA1031 // A consumer that throws must not take the process with it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(_core.Surface, e.ToString());
        }
    }

    private void GoOn()
    {
        if (_cancellation is { } cancellation)
        {
            _cancellation = null;
            _source.SetException(cancellation);
            return;
        }

        var (continuation, state, context) = (_lateContinuation!, _lateState, _lateContext);
        (_lateContinuation, _lateState, _lateContext) = (null, null, null);
        if (context is null)
        {
            continuation(state);
        }
        else
        {
            ExecutionContext.Run(context, _ => continuation(state), null);
        }
    }

    private static SignalDelivery OpenOrThrow(SignalDelivery delivery)
    {
        ObjectDisposedException.ThrowIf(delivery.Sequence == 0, typeof(SignalReceiver));
        return delivery;
    }

    private static bool WantsContext(ValueTaskSourceOnCompletedFlags flags) =>
        (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0
        && (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default);

    private SignalDelivery Take(short token)
    {
        // A token that is not this use's, or a result that is not there yet: a caller's error, which must not end the use of another.
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The read has not completed. Await it.");
        }

        try
        {
            _source.GetResult(token);
            return _delivery;
        }
        finally
        {
            // Waits for a callback that is running on another thread: past this, no late one can hit the next use.
            _ofReader.Dispose();
            _ofReceiver.Dispose();
            _ofReader = default;
            _ofReceiver = default;
            _owner = null;
            _isAwaited = false;
            _isCompleted = false;
            _source.Reset();
            _core.Return(this);
        }
    }

    private CancellationTokenRegistration Watch(CancellationToken token) =>
        token.UnsafeRegister(static (state, token) =>
        {
            var waiter = (ReceiveWaiter)state!;
            waiter._core.Cancel(waiter, token);
        }, this);
}
