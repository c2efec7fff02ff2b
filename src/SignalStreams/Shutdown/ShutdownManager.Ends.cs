namespace SignalStreams;

/// <content>The ends that come without being asked for.</content>
public sealed partial class ShutdownManager
{
    // The runtime gives the main thread the first id.
    private const int MainThread = 1;

    // For a signal that arrived before, and whose turn is to come.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(100);

    private bool _isCrashing;
    private ExitCause? _cause;

    /// <summary>The main function has returned, or somebody called Environment.Exit. The process waits for this, on a thread of the runtime's own: nobody can know who called.</summary>
    private void OnExiting()
    {
        lock (Gate)
        {
            // Before the request is known, if it is not yet: whatever the end then is by, this code is one that the program chose.
            _isZeroChosen = _router.Exit.IsZeroChosen;
        }

        // Who exits because of a signal that we have heard too comes after it, however quick.
        if (_listener is { IsHandled: false } listener)
        {
            DetachedThread.Run("drain", DrainTime, () =>
            {
                listener.Drain();
                SpinWait.SpinUntil(() => listener.IsHandled, DrainTime);
            });
        }

        if (_state < ShutdownState.CleaningUp)
        {
            // Exit handlers run after the hosts have stopped, whoever is in a hurry to exit.
            _router.Hosts.HoldExit();
        }

        lock (Gate)
        {
            _isExiting = true;
            _isMainDone = true;
            Gate.Changed();
        }

        if (CleanUp(ShutdownState.Running, new ExitReason(ExitCause.Normal)))
        {
            EndHere();
        }
        else
        {
            WaitForEnd();
        }

        if (_isCrashing)
        {
            // Somebody exits while the process is about to be aborted for an exception: that must not be lost.
            _router.Exit.WaitForAbort();
        }
    }

    /// <summary>Nobody caught an exception: on the thread that threw it. The runtime aborts the process when this returns.</summary>
    /// <returns>True when that is no failure, and the process ends in order.</returns>
    private bool OnCrashing(Exception exception)
    {
        var isWayOut = _state != ShutdownState.Running && IsShutdown(exception);
        lock (Gate)
        {
            _isMainDone |= Environment.CurrentManagedThreadId == MainThread;
            _isCrashing |= !isWayOut;
            DropBlocksOfThisFlow();
            Gate.Changed();
        }

        if (isWayOut)
        {
            // This thread has ended, and the process ends as it was asked to.
            WaitForEnd();
            return true;
        }

        if (CleanUp(ShutdownState.Stopping, new ExitReason(ExitCause.UnhandledException, _reason, exception)))
        {
            EndHere();
        }
        else
        {
            WaitForEnd();
        }

        return false;
    }

    /// <summary>The last words of an end that this thread brings about by going on.</summary>
    private void EndHere()
    {
        bool hasWords;
        lock (Gate)
        {
            hasWords = _reason is not null || _timeline.HasCulprit;
        }

        if (hasWords)
        {
            _lastWords.Say(Settings.LastWordsLimit(SinceRequest));
        }

        SetEnded();
    }

    private void WaitForEnd()
    {
        lock (Gate)
        {
            while (_state != ShutdownState.Ended && !_isClosed)
            {
                Gate.Wait(Deadline.Never);
            }
        }
    }

    // Who has thrown out of its blocks never leaves them.
    private void DropBlocksOfThisFlow()
    {
        for (var block = ShutdownProtection.Current; block is not null; block = block.Outer)
        {
            Leave(block);
        }
    }

    private bool IsShutdown(Exception exception) => exception switch
    {
        ShutdownRequestedException or ShutdownImminentException => true,
        OperationCanceledException => _reason is not null && _state >= ShutdownState.Stopping,
        AggregateException { InnerExceptions.Count: > 0 } aggregate => aggregate.InnerExceptions.All(IsShutdown),
        _ => false,
    };
}
