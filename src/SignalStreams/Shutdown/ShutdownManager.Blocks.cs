namespace SignalStreams;

/// <content>What protected blocks do to the end.</content>
public sealed partial class ShutdownManager
{
    /// <summary>Under the gate.</summary>
    internal void Hold(ShutdownProtection block, bool runAtExit)
    {
        if ((_state != ShutdownState.Running && !runAtExit) || _state == ShutdownState.Ended)
        {
            throw new ShutdownImminentException($"The protected block '{block.Name}' cannot be entered any more.", _state, _reason);
        }

        _isWatched = true;
        block.IsActive = true;
        _blocks.Add(block);
    }

    internal void Leave(ShutdownProtection block)
    {
        lock (Gate)
        {
            if (!block.IsActive)
            {
                return;
            }

            if (_state != ShutdownState.Running)
            {
                _timeline.Close(EntryOf(block), block.IsCutOff ? TimelineOutcome.GivenUp : TimelineOutcome.Done);
            }

            block.IsActive = false;
            _blocks.Remove(block);
            block.WasLast = _state != ShutdownState.Running && !_blocks.Any;
            if (_state != ShutdownState.Running && !_blocks.Any)
            {
                Gate.Changed();
            }
        }
    }

    /// <summary>Leaves the block if the process was asked to end.</summary>
    /// <returns>What to throw then; null to go on.</returns>
    internal ShutdownRequestedException? TryBreak(ShutdownProtection block)
    {
        if (_state == ShutdownState.Running)
        {
            return null;
        }

        Leave(block);
        return block.WasLast ? AfterStopping(cause: null) : NewException(cause: null);
    }

    private ShutdownRequestedException? EndOf(ShutdownProtection block, OperationCanceledException? cause)
    {
        Leave(block);
        return !block.WasLast ? null
            : cause as ShutdownRequestedException ?? AfterStopping(cause);
    }

    // The token that the exception carries is cancelled by then. Another thread is about to do it.
    private ShutdownRequestedException AfterStopping(OperationCanceledException? cause)
    {
        lock (Gate)
        {
            while (_state == ShutdownState.Requested && !_isDisposed)
            {
                Gate.Wait(Deadline.Never);
            }
        }

        SpinWait.SpinUntil(() => _stopping.IsCancellationRequested || _reason is null || _isDisposed, TimeSpan.FromSeconds(1));
        return NewException(cause);
    }

    private ShutdownRequestedException NewException(OperationCanceledException? cause)
    {
        lock (Gate)
        {
            return new ShutdownRequestedException(_kind, _reason ?? NormalEnd, _stopping.Token, cause);
        }
    }

    private static TimelineRecorder.Entry EntryOf(ShutdownProtection block) =>
        new(TimelineEntryKind.Block, block.Name, block.EnteredAt, block.Limit == Timeout.InfiniteTimeSpan ? null : block.Limit);
}
