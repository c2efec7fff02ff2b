namespace SignalStreams;

/// <content>The steps of a shutdown that somebody asked for, on a thread of its own.</content>
public sealed partial class ShutdownManager
{
    private static readonly TextCancelReason NormalEnd = new("the main function has returned");

    // For BeforeTermination and the timeline; the second one while somebody waits for an end by force.
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForcedLastWordsTime = TimeSpan.FromMilliseconds(250);

    // For other owners' ProcessExit handlers, once all here is done. The runtime gives them no limit.
    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(5);

    private EndStatus _status;
    private long _requestedAt;
    private bool _isHeardByOthers;
    private bool _isMainDone;
    private bool _isExiting;
    private bool _isCleanedUp;
    private bool _isForced;
    private bool _isDisposed;
    private TimelineRecorder.Entry? _mainEntry;
    private ExitHandlerRunner? _runner;

    /// <summary>A signal has arrived. On a delivery thread.</summary>
    internal void OnSignal(in SignalDelivery delivery)
    {
        if (delivery.Signal == ShutdownSignal.SIGHUP)
        {
            Contain(Settings.BeforeHangup, nameof(ShutdownOptions.BeforeHangup));
            if (!Settings.TerminateOnHangup)
            {
                return;
            }
        }

#pragma warning disable CA1416 // It arrives on Windows only.
        if (delivery.Signal == ShutdownSignal.CTRL_LOGOFF_EVENT && !Settings.TerminateOnLogoff)
#pragma warning restore CA1416
        {
            return;
        }

        var reason = new SignalCancelReason(delivery);
        if (!Request(reason, 0, delivery.Timestamp))
        {
            Insist(reason);
        }
    }

    /// <summary>Whether the first step is done: those who look at the token now see what they will see until something changes.</summary>
    internal bool IsSettled
    {
        get
        {
            lock (Gate)
            {
                return _state == ShutdownState.Requested ? _blocks.Any : _state != ShutdownState.Stopping || _stopping.IsCancellationRequested;
            }
        }
    }

    /// <returns>Whether it was the first request.</returns>
    private bool Request(CancelReason reason, int exitCode, long timestamp)
    {
        // Not under the gate: it asks the router, and /proc for the sender's name while it lives.
        var text = reason.ToString();
        var signal = (reason as SignalCancelReason)?.Signal;
        var others = signal is { } known ? OthersWhoHear(known) : [];
        lock (Gate)
        {
            if (_state != ShutdownState.Running)
            {
                return false;
            }

            _router.Exit.Prepare();
            _state = ShutdownState.Requested;
            _reason = reason;
            _kind = signal == ShutdownSignal.SIGINT ? ShutdownKind.Interrupt : ShutdownKind.Terminate;
            _status = signal is { } by ? Settings.ExitStatus.After(by) : EndStatus.With(exitCode);
            _requestedAt = timestamp;
            _isHeardByOthers = others.Length > 0;
            _timeline.Begin(text, timestamp);
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, others.Length == 0 ? text : $"{text} (also heard by {string.Join(", ", others)})", timestamp), TimelineOutcome.Done);
        }

        SignalStreamsEventSource.Log.ShutdownRequested(text);
        if (!DetachedThread.TryStart("shutdown", Drive))
        {
            Drive();
        }

        return true;
    }

    /// <summary>Somebody asks again.</summary>
    private void Insist(SignalCancelReason reason)
    {
        // A terminal and a wrapper may both deliver the one Ctrl-C; the hub has counted it once.
        var isAnother = Attempts >= 2 || reason.Signal != Signal;
        if (!isAnother)
        {
            return;
        }

        _lastWords.Prepare();
        lock (Gate)
        {
            _kind = ShutdownKind.Terminate;
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, reason.ToString(), reason.Delivery.Timestamp), TimelineOutcome.Done);
        }

        Cancel(_terminating, nameof(TerminatingToken));
    }

    private string[] OthersWhoHear(ShutdownSignal signal) =>
        [.. _router.Snapshot().Where(s => s.Name == signal && !s.IsDeaf && s.Listener != _listener).Select(s => s.Listener.Surface).Distinct()];

    private void Drive()
    {
        try
        {
            WaitForBlocks();
            if (Stop())
            {
                WaitForMain();
                CleanUp(ShutdownState.Stopping, new ExitReason(_reason is SignalCancelReason ? ExitCause.Signal : ExitCause.Requested, _reason));
            }

            End();
        }
#pragma warning disable CA1031 // A process that does not end is worse than any error.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(ShutdownManager), e.ToString());
            _router.Exit.EndNow(_status, isOverdue: true);
        }
    }

    private void WaitForBlocks()
    {
        lock (Gate)
        {
            while (_state == ShutdownState.Requested && _blocks.Any && !_isDisposed)
            {
                var latest = _blocks.Latest;
                if (latest.HasPassed(Time))
                {
                    return;
                }

                Gate.Wait(latest);
            }
        }
    }

    /// <returns>False when somebody else has taken over: an exception that nobody caught.</returns>
    private bool Stop()
    {
        List<(ShutdownProtection Block, CancellationTokenSource Source)> cut = [];
        lock (Gate)
        {
            if (_state != ShutdownState.Requested || _isDisposed)
            {
                return false;
            }

            foreach (var block in _blocks.All())
            {
                if (block.CutOff() is { } source)
                {
                    cut.Add((block, source));
                }
            }

            // Before the token is: whoever returns because of it takes the status along.
            if (_router.Exit.ExitCode == 0)
            {
                _router.Exit.Arrange(_status);
            }

            _deadline = Deadline.After(Settings.Clip(Settings.RollbackTime, Time.GetElapsedTime(_requestedAt)), Time);
            if (_isWatched || _isHeardByOthers)
            {
                _mainEntry = _timeline.Add(TimelineEntryKind.Main, "main function", Settings.RollbackTime);
            }

            _state = ShutdownState.Stopping;
        }

        Cancel(_stopping, nameof(StoppingToken));
        foreach (var (block, source) in cut)
        {
            Cancel(source, $"that of block {block.Name}");
        }

        lock (Gate)
        {
            Gate.Changed();
        }

        return true;
    }

    private void WaitForMain()
    {
        lock (Gate)
        {
            // Where nobody can know of the end there is nobody to wait for.
            while (_state == ShutdownState.Stopping && !_isDisposed && _mainEntry is not null && (!_isMainDone || _blocks.Any) && !_deadline.HasPassed(Time))
            {
                Gate.Wait(_deadline);
            }

            if (_mainEntry is { } entry)
            {
                _timeline.End(entry, _isMainDone ? TimelineOutcome.Done : TimelineOutcome.GivenUp);
            }
        }
    }

    /// <summary>Runs the exit handlers, if nobody else does.</summary>
    private bool CleanUp(ShutdownState from, ExitReason reason)
    {
        lock (Gate)
        {
            if (_state > from || _isDisposed)
            {
                return false;
            }

            _state = ShutdownState.CleaningUp;
            _exitCode = _router.Exit.ExitCode;
            var wasRequested = _reason is not null;
            if (!wasRequested)
            {
                _requestedAt = Time.GetTimestamp();
                _timeline.Begin(reason.Exception is { } e ? $"an unhandled {e.GetType().Name}" : NormalEnd.Text, _requestedAt);
            }

            _deadline = Deadline.After(wasRequested ? Settings.Clip(Settings.CleanUpTime, Time.GetElapsedTime(_requestedAt)) : Settings.CleanUpTime, Time);
            _runner = new ExitHandlerRunner(Gate, Time, _handlers, _timeline, reason, Settings);
            _runner.Run(_deadline);
            while (_blocks.All().Any(block => block.RunsAtExit && !block.Deadline.HasPassed(Time)) && !_deadline.HasPassed(Time) && !_isDisposed)
            {
                Gate.Wait(_deadline);
            }

            _isCleanedUp = true;

            // A handler that called Environment.Exit has left its code there.
            if (_router.Exit.ExitCode != _exitCode)
            {
                _router.Exit.ExitCode = _exitCode;
            }
        }

        return true;
    }

    /// <summary>Says the last words, and lets the process end, or ends it.</summary>
    private void End()
    {
        lock (Gate)
        {
            // An exception took over: it ends the process.
            while (!_isCleanedUp && !_isDisposed)
            {
                Gate.Wait(Deadline.Never);
            }

            if (_isDisposed || _isCrashing)
            {
                return;
            }
        }

        _lastWords.Say(LastWordsTime);
        bool isExiting;
        lock (Gate)
        {
            _state = ShutdownState.Ended;
            isExiting = _isExiting;
            Gate.Changed();
        }

        _router.Progressed();
        _completion.TrySetResult();
        var hasEnded = false;
        if (!isExiting)
        {
            // Everybody's ProcessExit handlers run there.
            _ = DetachedThread.TryStart("exit", () =>
            {
                _router.Exit.EndInOrder();
                lock (Gate)
                {
                    hasEnded = true;
                    Gate.Changed();
                }
            });
        }

        var overdue = Deadline.After(Settings.Clip(ExitTime, Time.GetElapsedTime(_requestedAt)), Time);
        lock (Gate)
        {
            while (!hasEnded && !_isDisposed && !overdue.HasPassed(Time))
            {
                Gate.Wait(overdue);
            }

            if (hasEnded || _isDisposed)
            {
                return;
            }
        }

        var code = _router.Exit.ExitCode;
        _router.Exit.EndNow(code == _status.Code ? _status : EndStatus.With(code), isOverdue: true);
    }

    /// <summary>Cancels a source on a thread that its callbacks may keep, and returns when it is cancelled.</summary>
    private void Cancel(CancellationTokenSource source, string name)
    {
        TimelineRecorder.Entry entry;
        lock (Gate)
        {
            if (source.IsCancellationRequested)
            {
                return;
            }

            entry = _timeline.Add(TimelineEntryKind.Token, name);
        }

        void Run()
        {
            Exception? error = null;
            try
            {
                source.Cancel();
            }
            catch (AggregateException e)
            {
                // Callbacks of the token threw; all of them were called.
                SignalStreamsEventSource.Log.ConsumerFailed(name, e.ToString());
                error = e;
            }

            lock (Gate)
            {
                _timeline.End(entry, error is null ? TimelineOutcome.Done : TimelineOutcome.Failed, error);
            }
        }

        if (!DetachedThread.TryStart("token", Run))
        {
            Run();
        }

        SpinWait.SpinUntil(() => source.IsCancellationRequested);
    }

    private static void Contain(Action? callback, string name)
    {
        try
        {
            callback?.Invoke();
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(name, e.ToString());
        }
    }
}
