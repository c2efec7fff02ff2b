namespace SignalStreams;

/// <content>The steps of a shutdown that somebody asked for, on a thread of its own.</content>
public sealed partial class ShutdownManager
{
    // It takes microseconds, where a thread is to be had.
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(1);

    private static readonly TextCancelReason NormalEnd = new("the main function has returned");

    private EndStatus _status;
    private long _requestedAt;
    private int _attemptsBefore;
    private bool _isHeardByOthers;
    private bool _hadBlocks;
    private bool _isHurried;
    private bool _isMainDone;
    private bool _isExiting;
    private bool _isZeroChosen;
    private bool _isCleanedUp;
    private bool _isClosed;
    private TimelineRecorder.Entry? _mainEntry;

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

    private TimeSpan SinceRequest => Time.GetElapsedTime(_requestedAt);

    /// <returns>Whether it was the first request.</returns>
    private bool Request(CancelReason reason, int exitCode, long timestamp)
    {
        // Not under the gate: it asks the router, and /proc for the sender's name while it lives.
        var text = reason.ToString();
        var signal = (reason as SignalCancelReason)?.Signal;
        var others = signal is { } known ? OthersWhoHear(known) : [];
        var attempts = Attempts;
        lock (Gate)
        {
            if (_state != ShutdownState.Running)
            {
                return false;
            }

            _router.Exit.Prepare();
            _state = ShutdownState.Requested;
            _reason = reason;
            Settings = Settings.For(reason);
            _reasonText = text;
            _kind = signal == ShutdownSignal.SIGINT ? ShutdownKind.Interrupt : ShutdownKind.Terminate;
            _status = signal is { } by ? ExitStatus.After(by) : EndStatus.With(exitCode);
            _requestedAt = timestamp;
            _attemptsBefore = attempts;
            // A host stops with the program, also where it does not listen to the signal, or there is none.
            _isHeardByOthers = others.Count > 0 || _router.Hosts.All.Count > 0;
            _hadBlocks = _blocks.Any;
            _timeline.Begin(text, timestamp);
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, others.Count == 0 ? text : $"{text} (also heard by {string.Join(", ", others)})", timestamp), TimelineOutcome.Done);
        }

        // First: whoever listens to the event source may block.
        DetachedThread.Start("shutdown", Drive);
        SignalStreamsEventSource.Log.ShutdownRequested(text);
        return true;
    }

    /// <summary>Somebody asks again.</summary>
    private void Insist(SignalCancelReason reason)
    {
        // A terminal and a wrapper may both deliver the one Ctrl-C; the hub counts it once.
        var isAttempt = Attempts > _attemptsBefore
            || (reason.Signal != ShutdownSignal.SIGHUP && Attempts > 1 && Time.GetElapsedTime(_requestedAt, reason.Delivery.Timestamp) >= AttemptCounter.SameAttempt);
        if (!isAttempt && reason.Signal == Signal)
        {
            return;
        }

        _lastWords.Prepare();
        var text = reason.ToString();
        lock (Gate)
        {
            _kind = ShutdownKind.Terminate;
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, text, reason.Delivery.Timestamp), TimelineOutcome.Done);
            _isHurried |= isAttempt;
            if (isAttempt && _state == ShutdownState.Stopping)
            {
                _deadline = Deadline.Earlier(_deadline, Deadline.After(Settings.RollbackLimit(isShort: true, SinceRequest), Time));
                Gate.Changed();
            }
        }

        if (isAttempt)
        {
            Cancel(_terminating, nameof(TerminatingToken));
        }
    }

    private List<string> OthersWhoHear(ShutdownSignal signal)
    {
        var all = _router.Snapshot();
        List<string> others = [];
        foreach (var other in all)
        {
            // By event: they may have subscribed under another of its names.
            if (other.Listener != _listener && !other.IsDeaf && all.Any(own => own.Listener == _listener && own.Name == signal && own.Event == other.Event)
                && !others.Contains(other.Listener.Surface))
            {
                others.Add(other.Listener.Surface);
            }
        }

        // Registrations with the runtime cannot be asked for; but a host has one, and stops its services for as long as half a minute. One that has joined us is known.
        var hasHost = !_isOfTest && _router.Hosts.All.Count == 0 && Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), static assembly => assembly.FullName?.StartsWith("Microsoft.Extensions.Hosting,", StringComparison.Ordinal) == true);
        if (hasHost)
        {
            others.Add("perhaps a Generic Host");
        }

        return others;
    }

    private void Drive()
    {
        try
        {
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
            DetachedThread.Run("last words", ForcedLastWordsTime, () => SignalStreamsEventSource.Log.ConsumerFailed(nameof(ShutdownManager), e.ToString()));
            _router.Exit.EndNow(_status, isOverdue: true);
        }
    }

    /// <summary>Waits for protected blocks, and tells the program to stop.</summary>
    /// <returns>False when somebody else has taken over: an exception that nobody caught.</returns>
    private bool Stop()
    {
        lock (Gate)
        {
            while (_state == ShutdownState.Requested && _blocks.Any && !_isClosed && !_blocks.Latest.HasPassed(Time))
            {
                Gate.Wait(_blocks.Latest);
            }

            // In the same breath: what renews itself or leaves from here on comes too late, and not between two looks.
            if (_state != ShutdownState.Requested || _isClosed)
            {
                return false;
            }

            // Before the token is: whoever returns because of it takes the status along.
            if (_router.Exit.ExitCode == 0 && !_isZeroChosen)
            {
                _router.Exit.Arrange(_status);
            }

            var limit = Settings.RollbackLimit(isShort: _blocks.Any || _isHurried || !(_isWatched || _isHeardByOthers), SinceRequest, _isHurried ? null : _router.Hosts.StopLimit);
            _deadline = Deadline.After(limit, Time);
            if (limit != TimeSpan.Zero && (_isWatched || _isHeardByOthers || _hadBlocks))
            {
                _mainEntry = _timeline.Add(TimelineEntryKind.Main, "main function", limit == Timeout.InfiniteTimeSpan ? null : limit);
            }

            CutOffOverdueBlocks();
            _state = ShutdownState.Stopping;
        }

        Cancel(_stopping, nameof(StoppingToken));
        foreach (var host in _router.Hosts.All)
        {
            host.StopBecauseOf(_reason!);
        }

        Gate.Changed();
        return true;
    }

    private void WaitForMain()
    {
        lock (Gate)
        {
            // Where nobody can know of the end there is nobody to wait for.
            if (_mainEntry is not { } entry)
            {
                return;
            }

            while (_state == ShutdownState.Stopping && !_isClosed && (!_isMainDone || _blocks.Any) && !_deadline.HasPassed(Time))
            {
                CutOffOverdueBlocks();
                Gate.Wait(Deadline.Earlier(_deadline, NextCutOff));
            }

            if (_isMainDone || _state == ShutdownState.Stopping)
            {
                _timeline.End(entry, _isMainDone ? TimelineOutcome.Done : TimelineOutcome.GivenUp);
            }
            else
            {
                // An exception was quicker, and nobody waits for anybody.
                _timeline.Remove(entry);
            }
        }
    }

    /// <summary>Runs the exit handlers, if nobody else does.</summary>
    /// <returns>Whether it did.</returns>
    private bool CleanUp(ShutdownState from, ExitReason reason)
    {
        lock (Gate)
        {
            if (_state > from || _isClosed)
            {
                return false;
            }

            _state = ShutdownState.CleaningUp;
            _cause = reason.Cause;
            if (_reason is null)
            {
                _requestedAt = Time.GetTimestamp();
                _timeline.Begin(reason.Exception is { } e ? $"an unhandled {e.GetType().Name}" : NormalEnd.Text, _requestedAt);
            }

            _deadline = Deadline.After(_reason is null ? Settings.CleanUpTime : Settings.CleanUpLimit(SinceRequest), Time);
        }

        // At an end that nobody asked for: what the handlers may wait for learns of it here.
        Cancel(_stopping, nameof(StoppingToken));
        lock (Gate)
        {
            var runner = new ExitHandlerRunner(Gate, Time, _handlers, _timeline, reason, Settings, _router.Exit);
            do
            {
                if (!_handlers.IsEmpty)
                {
                    runner.Run(_deadline);
                }

                while (_handlers.IsEmpty && _blocks.AnyAtExit(Time) && !_deadline.HasPassed(Time) && !_isClosed)
                {
                    CutOffOverdueBlocks();
                    Gate.Wait(Deadline.Earlier(_deadline, NextCutOff));
                }
            }
            while (!_handlers.IsEmpty && !_isClosed);
            _isCleanedUp = true;
            Gate.Changed();
        }

        return true;
    }

    /// <summary>Says the last words, and lets the process end, or ends it.</summary>
    private void End()
    {
        lock (Gate)
        {
            while (!_isCleanedUp && !_isClosed)
            {
                Gate.Wait(Deadline.Never);
            }

            // An exception has taken over, and its thread ends the process.
            if (_isClosed || _cause == ExitCause.UnhandledException)
            {
                return;
            }
        }

        _lastWords.Say(Settings.LastWordsLimit(SinceRequest));
        var (isExiting, isCrashing) = SetEnded();
        if (isCrashing)
        {
            return;
        }

        var hasEnded = false;
        if (!isExiting)
        {
            // Everybody's ProcessExit handlers run there.
            DetachedThread.Start("exit", () =>
            {
                // Anew: an exit handler may have brought a ProcessExit handler along, which is to run before the end by the signal.
                _router.Exit.Prepare();
                _router.Exit.EndInOrder();
                lock (Gate)
                {
                    hasEnded = true;
                    Gate.Changed();
                }
            });
        }

        var limit = Settings.ExitLimit(SinceRequest);
        var overdue = Deadline.After(limit, Time);
        lock (Gate)
        {
            while (!hasEnded && !_isClosed && !overdue.HasPassed(Time))
            {
                Gate.Wait(overdue);
            }

            if (hasEnded || _isClosed)
            {
                return;
            }
        }

        Complain($"The end was held up: ProcessExit handlers of others had not returned after {ShutdownTimelineEntry.Seconds(limit)}.");
        var code = _router.Exit.ExitCode;
        _router.Exit.EndNow(code == _status.Code ? _status : EndStatus.With(code), isOverdue: true);
    }

    private (bool IsExiting, bool IsCrashing) SetEnded()
    {
        (bool, bool) ends;
        lock (Gate)
        {
            _state = ShutdownState.Ended;
            ends = (_isExiting, _isCrashing);
            Gate.Changed();
        }

        _router.Progressed();
        _completion.TrySetResult();
        return ends;
    }

    // When a block that runs at exit has used up its time.
    private Deadline NextCutOff
    {
        get
        {
            var next = Deadline.Never;
            foreach (var block in _blocks.All())
            {
                next = block.IsCutOff ? next : Deadline.Earlier(next, block.Deadline);
            }

            return next;
        }
    }

    private void CutOffOverdueBlocks()
    {
        foreach (var block in _blocks.All())
        {
            if (!block.IsCutOff && block.Deadline.HasPassed(Time) && block.CutOff() is { } source)
            {
                Cancel(source, $"that of block {block.Name}", isAwaited: false);
            }
        }
    }

    /// <summary>Cancels a source on a thread that its callbacks may keep.</summary>
    private void Cancel(CancellationTokenSource source, string name, bool isAwaited = true)
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

        var isCancelled = false;
        DetachedThread.Start("token", () =>
        {
            Exception? error = null;
            try
            {
                // The last one to register is called first: by then the token is cancelled.
                using var first = source.Token.UnsafeRegister(
                    _ =>
                    {
                        lock (Gate)
                        {
                            isCancelled = true;
                            Gate.Changed();
                        }
                    },
                    null);
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
        });
        if (isAwaited)
        {
            var limit = Deadline.After(CancelTime);
            lock (Gate)
            {
                while (!isCancelled && !limit.HasPassed())
                {
                    Monitor.Wait(Gate, CancelTime);
                }
            }

            if (!source.IsCancellationRequested)
            {
                // Whoever hears of the end next has to find it cancelled.
                DetachedCancellation.Start(source, name);
            }
        }
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
