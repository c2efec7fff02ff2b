namespace SignalStreams;

/// <content>Deadlines, grace periods and the timer for both.</content>
public sealed partial class CancelScope
{
    // What a timer takes at most, less a margin; a later deadline is waited for in pieces.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>How long the body may go on after what is around the scope was cancelled.</summary>
    /// <value>Can be changed while the body runs; a period that has begun is counted from its beginning.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan GracePeriod
    {
        get => _gracePeriod;
        set
        {
            CheckGracePeriod(value);
            lock (_source)
            {
                _gracePeriod = value;
            }

            LetOuterIn();
        }
    }

    /// <summary>When the scope cancels itself.</summary>
    /// <value>Can be changed while the body runs: one that has passed cancels at once. Of the clock of the scope: <c>Deadline.After(delay, time)</c>.</value>
    public Deadline Deadline
    {
        get => _deadline;
        set
        {
            lock (_source)
            {
                _deadline = value;
            }

            OnTimer();
        }
    }

    /// <summary>When the scope is cancelled at the latest: the earliest deadline of it and those around it, up to the nearest shield.</summary>
    /// <value><see cref="Deadline.Passed"/> once it is cancelled; <see cref="Deadline.Never"/> when there is none. Grace periods are counted in.</value>
    public Deadline EffectiveDeadline
    {
        get
        {
            var earliest = Deadline.Never;
            var grace = TimeSpan.Zero;
            for (var scope = this; scope is not null; scope = scope._outer)
            {
                if (scope.Token.IsCancellationRequested)
                {
                    // With a grace period in between, its scope is about to be told.
                    return grace == TimeSpan.Zero ? Deadline.Passed : Deadline.Earlier(earliest, Deadline.After(grace, Time));
                }

                earliest = Deadline.Earlier(earliest, scope._deadline.Plus(grace));
                if (scope._shield || scope._gracePeriod == Timeout.InfiniteTimeSpan)
                {
                    break;
                }

                if (scope._isOuterCancelled)
                {
                    return Deadline.Earlier(earliest, scope.GraceEnd.Plus(grace));
                }

                grace += scope._gracePeriod;
            }

            return earliest;
        }
    }

    internal TimeProvider Time { get; }

    private Deadline GraceEnd => _graceStart.Plus(_gracePeriod);

    internal static TimeSpan CheckGracePeriod(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        }

        return value;
    }

    // Under the gate.
    private void Arm()
    {
        // Only what is still to come: a deadline that has done its work would fire for ever.
        var next = _ownReason is null ? _deadline : Deadline.Never;
        if (_isOuterCancelled && !_isOuterVisible && !_shield)
        {
            next = Deadline.Earlier(next, GraceEnd);
        }

        if (next.IsNever)
        {
            return;
        }

        // In whole milliseconds, and rather late than early: timers count no finer.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(next.Remaining(Time).TotalMilliseconds, LongestTimer.TotalMilliseconds)));
        if (_timer is null)
        {
            _timer = Time.CreateTimer(static scope => ((CancelScope)scope!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        bool isDue;
        lock (_source)
        {
            if (_hasEnded)
            {
                return;
            }

            isDue = _ownReason is null && _deadline.HasPassed(Time);
            if (isDue)
            {
                _isTimedOut = true;
                _ownReason = new DeadlineCancelReason(_deadline);
                _reason ??= _ownReason;
            }
        }

        if (isDue)
        {
            CancelAndContain();
        }

        if (TryShowOuter())
        {
            CancelAndContain();
        }

        lock (_source)
        {
            if (!_hasEnded)
            {
                Arm();
            }
        }
    }
}
