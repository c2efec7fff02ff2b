namespace SignalStreams;

/// <summary>Runs an asynchronous handler on one thread: what it awaits continues here, and needs no thread of the pool.</summary>
/// <remarks>A handler that blocks that thread, waiting in its turn for something that would continue there, would wait for ever: then the pool takes over.</remarks>
internal sealed class HandlerPump : SynchronizationContext
{
    // Longer than code takes that does not block.
    private static readonly TimeSpan Blocked = TimeSpan.FromMilliseconds(10);

    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private bool _isWaiting;
    private bool _hasEnded;

    /// <summary>Runs what is posted until the task has ended.</summary>
    public void RunUntil(Task task)
    {
        // By whoever ends it, at once: an awaiter would hand it to the pool, since this is a context.
        task.ContinueWith(
            static (_, pump) => ((HandlerPump)pump!).End(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        while (Next() is { } next)
        {
            Call(next.Callback, next.State);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _queue.Enqueue((d, state));
            if (_isWaiting)
            {
                // One is woken for it; what comes before it has looked must not rely on that.
                _isWaiting = false;
                Monitor.PulseAll(_gate);
                return;
            }
        }

        Task.Delay(Blocked).ContinueWith(static (_, pump) => ((HandlerPump)pump!).TakeOver(), this, TaskScheduler.Default);
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void TakeOver()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_gate)
        {
            if (_isWaiting || !_queue.TryDequeue(out next))
            {
                return;
            }
        }

        Call(next.Callback, next.State);
    }

    // An async void of the handler's: neither its thread nor the process is to end for it.
    private static void Call(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(ExitHandlers), e.ToString());
        }
    }

    private (SendOrPostCallback Callback, object? State)? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryDequeue(out var next))
                {
                    return next;
                }

                if (_hasEnded)
                {
                    return null;
                }

                _isWaiting = true;
                Monitor.Wait(_gate);
                _isWaiting = false;
            }
        }
    }
}
