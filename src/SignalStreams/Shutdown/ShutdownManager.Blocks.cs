namespace SignalStreams;

/// <content>What protected blocks do to the end.</content>
#pragma warning disable CA1001 // See ShutdownManager.cs.
public sealed partial class ShutdownManager
#pragma warning restore CA1001
{
    /// <summary>Under the gate.</summary>
    /// <returns>False when no block may be entered any more.</returns>
    internal bool TryHold(ShutdownProtection block, bool runAtExit)
    {
        if (_isCleanedUp || (_state != ShutdownState.Running && !runAtExit))
        {
            return false;
        }

        // One that belongs to the end has nothing to stop.
        block.IsLate = _state != ShutdownState.Running;
        block.IsActive = true;
        if (!_blocks.Any)
        {
            _router.Source.ShowWork(block.Name);
        }

        _blocks.Add(block);
        return true;
    }

    internal ShutdownImminentException Refusal(string what) => new(what, _state, ReasonText);

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
            if (!_blocks.Any)
            {
                _router.Source.ShowWork(null);
            }

            block.WasLast = _state != ShutdownState.Running && !_blocks.Any && !block.IsLate;
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

    private ShutdownRequestedException? EndOf(ShutdownProtection block, Exception? cause)
    {
        Leave(block);
        return block.WasLast ? AfterStopping(cause) : null;
    }

    // The token that the exception carries is cancelled by then. Another thread is about to do it.
    private ShutdownRequestedException AfterStopping(Exception? cause)
    {
        lock (Gate)
        {
            while (_state == ShutdownState.Requested && !_isClosed)
            {
                Gate.Wait(Deadline.Never);
            }
        }

        SpinWait.SpinUntil(() => _stopping.IsCancellationRequested || _isClosed, 2 * CancelTime);
        return cause as ShutdownRequestedException ?? NewException(cause);
    }

    private ShutdownRequestedException NewException(Exception? cause) => new(Kind, Reason ?? NormalEnd, ReasonText ?? NormalEnd.Text, cause, _stopping.Token);

    private static TimelineRecorder.Entry EntryOf(ShutdownProtection block) =>
        new(TimelineEntryKind.Block, block.Name, block.EnteredAt, block.Limit == Timeout.InfiniteTimeSpan ? null : block.Limit);
}
