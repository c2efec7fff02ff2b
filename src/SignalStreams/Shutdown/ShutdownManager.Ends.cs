namespace SignalStreams;

/// <content>The ends that come without being asked for, and what is said before each.</content>
public sealed partial class ShutdownManager
{
    // The runtime gives the main thread the first id.
    private const int MainThread = 1;

    private bool _isCrashing;

    /// <summary>The main function has returned, or somebody called Environment.Exit: on that thread, which the process waits for.</summary>
    private void OnExiting()
    {
        lock (Gate)
        {
            _isExiting = true;
            _isMainDone = true;
            if (ExitHandlerRun.Current.Value is { } run)
            {
                _runner?.CalledExit(run);
            }
            else if (_state == ShutdownState.CleaningUp)
            {
                // Late, but chosen by the program.
                _exitCode = _router.Exit.ExitCode;
            }

            DropBlocksOfThisThread();
            Gate.Changed();
        }

        if (CleanUp(ShutdownState.Running, new ExitReason(ExitCause.Normal)))
        {
            EndWithoutRequest();
            return;
        }

        WaitForEnd();
    }

    /// <summary>Nobody caught an exception: on the thread that threw it. The runtime aborts the process when this returns.</summary>
    /// <returns>True when that is no failure, and the process ends in order.</returns>
    private bool OnCrashing(Exception exception)
    {
        if (_state != ShutdownState.Running && IsShutdown(exception))
        {
            // No failure, but the way out of a block: the thread has ended, and the process ends as it was asked to.
            lock (Gate)
            {
                _isMainDone |= Environment.CurrentManagedThreadId == MainThread;
                DropBlocksOfThisThread();
                Gate.Changed();
            }

            WaitForEnd();
            return true;
        }

        lock (Gate)
        {
            _isCrashing = true;
        }

        if (CleanUp(ShutdownState.Stopping, new ExitReason(ExitCause.UnhandledException, _reason, exception)))
        {
            EndWithoutRequest();
        }
        else
        {
            WaitForEnd();
        }

        return false;
    }

    private void EndWithoutRequest()
    {
        bool hasWords;
        lock (Gate)
        {
            hasWords = _reason is not null || _timeline.HasCulprit;
        }

        if (hasWords)
        {
            _lastWords.Say(LastWordsTime);
        }

        lock (Gate)
        {
            _state = ShutdownState.Ended;
            Gate.Changed();
        }

        _router.Progressed();
        _completion.TrySetResult();
    }

    private void WaitForEnd()
    {
        lock (Gate)
        {
            while (_state != ShutdownState.Ended && !_isDisposed)
            {
                Gate.Wait(Deadline.Never);
            }
        }
    }

    /// <summary>One attempt too many: the hub is about to end the process, on a thread on which nothing may wait for long.</summary>
    private void OnLastAttempt(ShutdownSignal signal)
    {
        lock (Gate)
        {
            _isForced = true;
            if (_state == ShutdownState.Running)
            {
                _timeline.Begin(signal.GetName(), Time.GetTimestamp());
            }
        }

        _lastWords.Say(ForcedLastWordsTime);
    }

    private void SayLastWords()
    {
        if (Reason is not null || _isForced)
        {
            Contain(Settings.BeforeTermination, nameof(ShutdownOptions.BeforeTermination));
        }

        var timeline = Timeline;
        var table = timeline.ToString();
        if (timeline.Verdict is { } verdict)
        {
            SignalStreamsEventSource.Log.ShutdownHeldUp(verdict);
        }

        SignalStreamsEventSource.Log.ShutdownEnded(table);
        if (Settings.Timeline == TimelineOutput.Always || (Settings.Timeline == TimelineOutput.WhenLimitPassed && (_isForced || timeline.Verdict is not null)))
        {
            Contain(() => (Settings.OnTimeline ?? Print)(timeline), nameof(ShutdownOptions.OnTimeline));
        }
    }

    private void Print(ShutdownTimeline timeline)
    {
        if (_printsTimelines)
        {
            Console.Error.Write(timeline.ToString());
        }
    }

    // A thread that is in Environment.Exit, or has thrown out of its blocks, can never leave them.
    private void DropBlocksOfThisThread()
    {
        foreach (var block in _blocks.All().Where(block => block.EnteredOn == Environment.CurrentManagedThreadId).ToArray())
        {
            Leave(block);
        }
    }

    private static bool IsShutdown(Exception exception) => exception is ShutdownRequestedException
        || (exception is AggregateException { InnerExceptions.Count: > 0 } aggregate && aggregate.InnerExceptions.All(IsShutdown));
}
