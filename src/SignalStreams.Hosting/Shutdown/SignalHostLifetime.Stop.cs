namespace SignalStreams;

/// <content>The way from the signal to the stop.</content>
internal sealed partial class SignalHostLifetime
{
    /// <summary>Who asked, where nobody outside did.</summary>
    public static readonly TextCancelReason ByProgram = new("the program itself");

    // For what the host does beside its services' stop, and to be disposed of.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _isReleasedByManager = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SignalCancelReason? _first;
    private int _attemptsBefore;
    private volatile bool _wasAsked;

    /// <summary>Whether anybody outside the host asked it to stop: a signal, or the manager of the process.</summary>
    public bool WasAsked => _wasAsked;

    /// <summary>A signal has arrived. On a delivery thread, several at once perhaps.</summary>
    public void OnSignal(SignalCancelReason reason)
    {
        if (_signals.IsReload(reason.Delivery))
        {
            Reloader()?.Request(reason);
            return;
        }

        var attempts = _hub.Attempts;
        bool isFirst;
        lock (_gate)
        {
            isFirst = _first is null;
            if (isFirst)
            {
                _first = reason;
                _attemptsBefore = attempts;
            }
        }

        if (!isFirst)
        {
            Insist(reason, attempts);
            return;
        }

        _wasAsked = true;
        if (_shutdown.Begin(reason, reason.Delivery.Timestamp))
        {
            Stop(reason);
        }
        else
        {
            _logger.StoppingAlready(reason.ToString(), _shutdown.ReasonText);
        }
    }

    public void StopBecauseOf(CancelReason reason)
    {
        _wasAsked = true;
        _isReleasedByManager.TrySetResult();
        if (_shutdown.Phase == HostShutdownPhase.Running)
        {
            // Of callbacks of the program's, which may take their time.
            DetachedThread.Start("host", () =>
            {
                if (!_shutdown.Begin(reason, _shutdown.Time.GetTimestamp()))
                {
                    return;
                }

                if (reason is SignalCancelReason signal)
                {
                    Stop(signal);
                }
                else
                {
                    _logger.Stopping(_shutdown.ReasonText);
                    StopApplication();
                }
            });
        }
    }

    private void Stop(SignalCancelReason reason)
    {
        var manager = _hub.PeekShutdownManager;
        var isManaged = manager?.EndsBecauseOf(reason.Signal) == true;
        if (!isManaged)
        {
            // Before the host can have stopped: whoever returns because of it takes the status along.
            ArrangeStatus();
        }

        // Who has not begun to serve has nothing to drain.
        var drains = _options.DrainDelay != TimeSpan.Zero && _application.ApplicationStarted.IsCancellationRequested;
        if (drains)
        {
            _logger.Draining(_shutdown.ReasonText, ShutdownTimelineEntry.Seconds(_options.DrainDelay));
        }
        else
        {
            _logger.Stopping(_shutdown.ReasonText);
        }

        if (isManaged || drains)
        {
            _ = DrainAndStopAsync(drains, isManaged);
        }
        else
        {
            StopApplication();
        }
    }

    private async Task DrainAndStopAsync(bool drains, bool isManaged)
    {
        try
        {
            if (drains)
            {
                await DrainAsync().ConfigureAwait(false);
            }

            if (isManaged)
            {
                // Protected blocks first.
                await _isReleasedByManager.Task.ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // A host that does not stop is worse than one that has not drained.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.StopFailed(e);
        }

        StopApplication();
    }

    /// <summary>Waits for the drain delay, or for a second signal.</summary>
    private async Task DrainAsync()
    {
        var delay = Task.Delay(_options.DrainDelay, _shutdown.Time, _shutdown.TerminatingToken);
        _shutdown.Track(TimelineEntryKind.Phase, "drain delay", delay, _options.DrainDelay);
        await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void StopApplication()
    {
        Advance(HostShutdownPhase.Stopping);
        _application.StopApplication();
    }

    /// <summary>The program itself stops the host.</summary>
    private void BeginWithoutDrain()
    {
        _shutdown.BeginWithoutDrain();
        Advance(HostShutdownPhase.Stopping);
    }

    /// <summary>Somebody asks again.</summary>
    private void Insist(SignalCancelReason reason, int attempts)
    {
        // A terminal and a wrapper may both deliver the one Ctrl-C; the hub counts it once.
        var isAttempt = attempts > _attemptsBefore
            || (reason.Signal != ShutdownSignal.SIGHUP && attempts > 1 && _shutdown.Time.GetElapsedTime(_first!.Delivery.Timestamp, reason.Delivery.Timestamp) >= AttemptCounter.SameAttempt);
        if (isAttempt)
        {
            _logger.Hurrying(reason.ToString());
            _reporter.Hurried();
            _shutdown.Hurry(reason, reason.Delivery.Timestamp);
            _gate.Changed();
        }
    }

    private void ArrangeStatus()
    {
        var exit = _hub.Router.Exit;
        if (_first is { } first && exit.ExitCode == 0 && _options.ExitStatus.After(first.Signal) is var status && status is not { Signal: null, Code: 0 })
        {
            exit.Arrange(status);
        }
    }
}
