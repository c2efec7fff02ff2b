#pragma warning disable CA2000 // A child has no timer, no link and no wait handle, and is never disposed.

namespace SignalStreams;

/// <content>What happens to children, from their beginning to their end.</content>
public sealed partial class TaskGroup
{
    /// <summary>A child has ended; those who waited for its place begin, one after the other as long as they end at once.</summary>
    internal void OnCompleted(ChildTask child)
    {
        for (var next = Complete(child); next is { } queued;)
        {
            next = queued.Begin() ? Complete(queued.Child) : null;
        }
    }

    private ChildTask Begin(ChildTask child)
    {
        bool isItsTurn;
        bool isCancelled;
        lock (_gate)
        {
            ThrowIfClosed();
            Link(child);
            _open++;
            isItsTurn = child == _body || _running < (_options.MaxConcurrency ?? int.MaxValue);
            if (!isItsTurn)
            {
                child.IsQueued = true;
                (_queue ??= new Queue<QueuedChild>()).Enqueue(new QueuedChild(child, ExecutionContext.Capture()));
            }
            else if (child != _body)
            {
                _running++;
            }

            // In the list by now: whoever cancels the group sees the child, or this sees the cancellation.
            isCancelled = _isCancelled;
        }

        if (isCancelled)
        {
            child.Cancel(reason: null);
        }

        if (isItsTurn && child.Begin())
        {
            OnCompleted(child);
        }

        return child;
    }

    // By state: the body, and a child that uses the group's token or the caller's, may end before its own token is cancelled.
    internal TaskHandleStatus StatusOf(ChildTask child) => child.Task!.IsCompletedSuccessfully ? TaskHandleStatus.Finished
        : (child.IsCancellationRequested || IsCancelled) && child.EndedCancelled ? TaskHandleStatus.Cancelled
        : TaskHandleStatus.Failed;

    /// <returns>The next one whose turn it is.</returns>
    private QueuedChild? Complete(ChildTask child)
    {
        var status = StatusOf(child);
        child.Settle(status);
        var isOurs = !child.GivesAwayError();
        if (isOurs && status == TaskHandleStatus.Failed)
        {
            Fail(child, child.Error()!);
        }

        QueuedChild? next = null;
        bool isLast;
        bool isLate;
        lock (_gate)
        {
            Unlink(child);
            _isCut |= isOurs && status == TaskHandleStatus.Cancelled && IsCancelled;
            if (child != _body && child.HasBegun)
            {
                next = Dequeue();
            }

            isLast = Leave();
            isLate = _overdue is not null;
        }

        if (isLast)
        {
            End(isLate);
        }

        return next;
    }

    private void Fail(ChildTask child, Exception error)
    {
        bool isLate;
        lock (_gate)
        {
            isLate = _overdue is not null;

            // Once, though somebody may have awaited the child that threw it, and thrown it on.
            if ((_knownErrors ??= new HashSet<Exception>(ReferenceEqualityComparer.Instance)).Add(error))
            {
                (_errors ??= []).Add(error);
            }
        }

        if (isLate)
        {
            Report(error);
        }

        try
        {
            CancelScope.Cancel(new ChildFailedCancelReason(child.Name, error));
        }
        catch (AggregateException e)
        {
            // Of callbacks of tokens. This child has nothing to do with them.
            Report(e);
        }
    }

    // Under the gate.
    private QueuedChild? Dequeue()
    {
        // In a cancelled group none begins any more: whoever cancels it ends those who wait.
        while (!_isCancelled && _queue?.TryDequeue(out var next) == true)
        {
            if (next.Child.TryTake())
            {
                return next;
            }
        }

        _running--;
        return null;
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

    /// <summary>Those that have not ended.</summary>
    internal IReadOnlyList<ChildTask> OpenChildren()
    {
        lock (_gate)
        {
            return [.. Children().Where(child => child != _body && child.Task is not { IsCompleted: true })];
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
