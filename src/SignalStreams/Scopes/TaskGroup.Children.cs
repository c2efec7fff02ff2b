namespace SignalStreams;

/// <content>What happens to children, from their beginning to their end.</content>
public sealed partial class TaskGroup
{
    internal void SetTask(ChildTask child, Task task)
    {
        lock (_gate)
        {
            child.Hold(task);
        }
    }

    internal Task CompletionOf(ChildTask child)
    {
        lock (_gate)
        {
            return child.Task ?? child.Promise();
        }
    }

    /// <summary>Whether a child need not begin that was cancelled before its turn.</summary>
    internal bool SkipsCancelled => _options.MaxConcurrency is not null;

    internal void OnCompleted(ChildTask child, Exception? error)
    {
        var isCancelled = error is not null && child.WasCancelled(error);
        if (child.TakesError?.Invoke(error) == true)
        {
            (error, isCancelled) = (null, false);
        }

        var isLate = false;
        if (error is not null && !isCancelled)
        {
            lock (_gate)
            {
                isLate = _overdue is not null;
                (_errors ??= []).Add(error);
            }

            if (isLate)
            {
                SignalStreamsEventSource.Log.ConsumerFailed(nameof(TaskGroup), error.ToString());
            }

            CancelScope.Cancel(new ChildFailedCancelReason(child.Name, error));
        }

        ChildTask? next = null;
        bool isLast;
        lock (_gate)
        {
            Unlink(child);
#pragma warning disable CA2000 // A child is never disposed: it has no timer, no link and no wait handle.
            _isCut |= isCancelled && Token.IsCancellationRequested;
            if (child != _body && _queue?.TryDequeue(out next) != true)
            {
                _running--;
            }

#pragma warning restore CA2000
            isLast = Leave();
        }

        next?.Begin();
        if (isLast)
        {
            _ended.TrySetResult();
        }
    }

    private ChildTask Begin(ChildTask child)
    {
        var isItsTurn = true;
        lock (_gate)
        {
            ThrowIfClosed();
            Link(child);
            _open++;
            if (child == _body)
            {
                // Takes nobody's place.
            }
            else if (_running < (_options.MaxConcurrency ?? int.MaxValue))
            {
                _running++;
            }
            else
            {
                (_queue ??= new Queue<ChildTask>()).Enqueue(child);
                isItsTurn = false;
            }
        }

        // In the list by now: whoever cancels the group sees the child, or this sees the cancellation.
        if (Token.IsCancellationRequested)
        {
            child.Cancel();
        }

        if (isItsTurn)
        {
            child.Begin();
        }

        return child;
    }

    // Under the gate.
    private bool Leave()
    {
        if (--_open > 0)
        {
            return false;
        }

        _isClosed = true;
        return true;
    }

    private void Link(ChildTask child)
    {
        child.Previous = _last;
        if (_last is null)
        {
            _first = child;
        }
        else
        {
            _last.Next = child;
        }

        _last = child;
    }

    private void Unlink(ChildTask child)
    {
        if (child.Previous is null)
        {
            _first = child.Next;
        }
        else
        {
            child.Previous.Next = child.Next;
        }

        if (child.Next is null)
        {
            _last = child.Previous;
        }
        else
        {
            child.Next.Previous = child.Previous;
        }

        child.Previous = child.Next = null;
    }

    private IEnumerable<ChildTask> Children()
    {
        for (var child = _first; child is not null; child = child.Next)
        {
            yield return child;
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("The task group has ended. Start children from its body, or from another child, while it runs.");
        }
    }
}
