namespace SignalStreams;

/// <summary>One stop: takes what belongs to a scope through the steps of a plan.</summary>
/// <remarks>It reads no clock but the one that it is given, and signals nobody but through its scope. It goes on on threads of the library after each
/// wait: whoever's thread pool hangs must still be able to stop.</remarks>
internal sealed class StopEngine(IStopScope scope, StopPlan plan, TimeProvider time)
{
    /// <summary>How often it looks for newborns while it waits.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>The same once it kills: who is born then has slipped through.</summary>
    internal static readonly TimeSpan LookEveryWhenKilling = TimeSpan.FromMilliseconds(50);

    /// <summary>How long it tries to freeze those whom it asks: some do not stop for as long as the kernel holds them.</summary>
    internal static readonly TimeSpan FreezeWithin = TimeSpan.FromMilliseconds(500);

    // Far more than any tree needs that can be frozen at all.
    private const int FreezeRounds = 1000;

    private const int ContinueAttempts = 10;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly HashSet<ProcessIdentity> _signalled = [];
    private readonly Dictionary<(ProcessIdentity, ShutdownSignal), SendFailure> _failures = [];
    private readonly List<SendFailure> _failuresOfAttempt = [];
    private TaskCompletionSource? _wait;
    private IProgress<StopStep>[] _listeners = [];
    private int _hurried;
    private int? _step;
    private bool _isSent;
    private bool _isKilled;

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Goes to the next step at once. On the last step there is none, and nothing happens.</summary>
    public void Escalate()
    {
        lock (_gate)
        {
            _hurried++;
        }

        EndWait();
    }

    /// <summary>Tells one more of the steps from now on.</summary>
    public void Tell(IProgress<StopStep> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }
    }

    /// <summary>Runs the plan. Once.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing more is sent.</exception>
    public async Task<StopOutcome> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (scope.Look().Count == 0)
        {
            return await OutcomeAsync([]).ResultOnLibrary();
        }

        _ = scope.Gone.ContinueWith(
            static (_, engine) => ((StopEngine)engine!).EndWait(), this, CancellationToken.None, TaskContinuationOptions.DenyChildAttach, InPlaceScheduler.Shared);
        using var registration = cancellationToken.UnsafeRegister(static engine => ((StopEngine)engine!).EndWait(), this);
        for (var number = 0; number < plan.Steps.Count; number++)
        {
            if (await RunStepAsync(number, cancellationToken).ResultOnLibrary())
            {
                break;
            }
        }

        return await OutcomeAsync(scope.Gone.IsCompleted ? [] : scope.Look()).ResultOnLibrary();
    }

    /// <returns>Whether the stop is over: nobody is left, or nobody can be reached.</returns>
    private async Task<bool> RunStepAsync(int number, CancellationToken cancellationToken)
    {
        var step = plan.Steps[number];
        var isLast = number == plan.Steps.Count - 1;
        var lookEvery = SignalSending.IsKill(step.Signal) ? LookEveryWhenKilling : LookEvery;
        var begun = time.GetTimestamp();
        var attempt = 0;
        TimeSpan? repeatAt = TimeSpan.Zero;
        while (true)
        {
            if (scope.Gone.IsCompleted)
            {
                await scope.Gone.ConfigureAwait(false);
                return true;
            }

            var now = time.GetElapsedTime(begun);
            var isOver = attempt > 0 && step.Patience != Timeout.InfiniteTimeSpan && now >= step.Patience;
            if (isOver || (attempt > 0 && TakeHurry(isLast)))
            {
                return false;
            }

            var isAttempt = repeatAt is { } due && now >= due;
            if (isAttempt)
            {
                attempt++;
                repeatAt = NextAttempt(step, now, repeatAt!.Value);
                _signalled.Clear();
            }

            if (!SignalAll(number, step, attempt, isAttempt, cancellationToken))
            {
                return true;
            }

            var wait = lookEvery;
            now = time.GetElapsedTime(begun);
            wait = repeatAt is { } next ? Shorter(wait, next - now) : wait;
            wait = step.Patience == Timeout.InfiniteTimeSpan ? wait : Shorter(wait, step.Patience - now);
            await WaitAsync(wait, cancellationToken).ResultOnLibrary();
        }
    }

    // By the plan's own beat, however long the sending took; a beat that has passed already is left out.
    private static TimeSpan? NextAttempt(StopPlanStep step, TimeSpan now, TimeSpan due)
    {
        if (step.RepeatEvery is not { } every)
        {
            return null;
        }

        return due + (every * (Math.Floor((now - due) / every) + 1));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private bool TakeHurry(bool isLast)
    {
        lock (_gate)
        {
            if (_hurried == 0)
            {
                return false;
            }

            _hurried--;
            if (isLast)
            {
                _hurried = 0;
            }

            return !isLast;
        }
    }

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (limit <= TimeSpan.Zero)
        {
            return;
        }

        var wait = new TaskCompletionSource();
        lock (_gate)
        {
            _wait = wait;
            if (_hurried > 0)
            {
                return;
            }
        }

        // After the wait is there to be ended: it may have been too early for that.
        if (!scope.Gone.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            using var timer = time.CreateTimer(static wait => ((TaskCompletionSource)wait!).TrySetResult(), wait, limit, Timeout.InfiniteTimeSpan);
            await wait.Task.OnLibrary();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private void EndWait()
    {
        TaskCompletionSource? wait;
        lock (_gate)
        {
            wait = _wait;
        }

        wait?.TrySetResult();
    }

    /// <summary>Signals all at an attempt, and between attempts those who have been born since.</summary>
    /// <returns>False when nobody who is left can be signalled.</returns>
    private bool SignalAll(int number, StopPlanStep step, int attempt, bool isAttempt, CancellationToken cancellationToken)
    {
        var members = scope.Look();
        if (members.Count == 0)
        {
            // Nobody is left; what holds the scope together will say so.
            return true;
        }

        _step = number;
        _failuresOfAttempt.Clear();
        if (SignalSending.IsKill(step.Signal))
        {
            Kill(members, isAttempt, cancellationToken);
        }
        else if (scope.NeedsFreeze && !StopsOrKills(step.Signal) && IsAnyNew(members))
        {
            cancellationToken.ThrowIfCancellationRequested();
            members = SendToFrozen(members, step.Signal);
        }
        else
        {
            cancellationToken.ThrowIfCancellationRequested();
            var all = isAttempt ? scope.TrySendAll(step.Signal) : null;
            _isSent |= all is not null;
            members = all ?? members;
            foreach (var member in members)
            {
                if (all is null)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                var isSent = all is null ? Send(member, step.Signal) : _signalled.Add(member);
                if (isSent && !StopsOrKills(step.Signal) && scope.IsStopped(member))
                {
                    _ = scope.Send(member, SignalContinue);
                }
            }
        }

        if (!isAttempt || members.Count == 0)
        {
            return true;
        }

        Report(new(number, step, attempt, Elapsed, members, [.. _failuresOfAttempt]));
        return _failuresOfAttempt.Count < members.Count || _failuresOfAttempt.Exists(failure => failure.Outcome != SendOutcome.NotPermitted);
    }

    private void Kill(IReadOnlyList<ProcessIdentity> members, bool isAttempt, CancellationToken cancellationToken)
    {
        if (!IsAnyNew(members))
        {
            return;
        }

        if (scope.TryKillAll())
        {
            _isSent = _isKilled = true;

            // Whoever is still there at the next look has escaped it, and is killed by itself.
            if (isAttempt)
            {
                return;
            }
        }

        if (scope.CanGrow)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        HashSet<ProcessIdentity> frozen = [];
        try
        {
            if (scope.CanGrow)
            {
                Freeze(ref members, frozen, isToKill: true);
            }
        }
        finally
        {
            // Not interrupted, and whatever fails: half of them would stay frozen.
            foreach (var member in members)
            {
                Send(member, SignalKill);
                frozen.Remove(member);
            }

            foreach (var other in frozen)
            {
                Send(other, SignalKill);
            }
        }
    }

    private bool IsAnyNew(IReadOnlyList<ProcessIdentity> members)
    {
        foreach (var member in members)
        {
            if (!_signalled.Contains(member))
            {
                return true;
            }
        }

        return false;
    }

    // A shell whose child has been signalled goes on to its next command; if its own signal ends it right then, that command is an orphan before anybody has
    // looked. So nobody goes on before all have the signal. It is not interrupted, and whatever fails, nobody stays frozen who was not before.
    private IReadOnlyList<ProcessIdentity> SendToFrozen(IReadOnlyList<ProcessIdentity> members, ShutdownSignal signal)
    {
        HashSet<ProcessIdentity> wereStopped = [.. members.Where(scope.IsStopped)];
        HashSet<ProcessIdentity> frozen = [];
        try
        {
            Freeze(ref members, frozen, isToKill: false);
            foreach (var member in members)
            {
                if (Send(member, signal) && wereStopped.Remove(member))
                {
                    frozen.Add(member);
                }
            }
        }
        finally
        {
            // Descendants first: no parent is to see a child stopped. And if one ended while somebody of its group were still stopped, the kernel might send
            // SIGHUP to them (setpgid(2), on orphaned groups).
            frozen.ExceptWith(wereStopped);
            foreach (var member in members)
            {
                if (frozen.Remove(member))
                {
                    Continue(member);
                }
            }

            foreach (var other in frozen)
            {
                Continue(other);
            }
        }

        return members;
    }

    private void Continue(ProcessIdentity member)
    {
        // Again where it could not be looked at, for want of descriptors: it would stay frozen.
        for (var attempt = 0; scope.Send(member, SignalContinue).Outcome == SendOutcome.NotDeliverable && attempt < ContinueAttempts; attempt++)
        {
        }
    }

    // One that is stopped cannot fork: whoever forks faster than he can be killed is stopped first, until nobody new is found. One that has only been sent
    // the signal may be in the middle of a fork(2), which goes through (copy_process in kernel/fork.c): its child comes after a look that showed nobody new,
    // and would be an orphan that nobody finds. So the last look comes after all have been seen stopped.
    private void Freeze(ref IReadOnlyList<ProcessIdentity> members, HashSet<ProcessIdentity> frozen, bool isToKill)
    {
        var begun = time.GetTimestamp();
        var isStill = false;
        for (var round = 0; round < FreezeRounds; round++)
        {
            // To kill, the youngest first, who may be the one that forks. To ask, parents first: none is to see a child stopped. So one that cannot be
            // stopped ends it while his children still go (sudo stops itself with them).
            var isNew = false;
            for (var i = 0; i < members.Count; i++)
            {
                var member = isToKill ? members[i] : members[members.Count - 1 - i];
                if (frozen.Add(member))
                {
                    isNew = true;
                    var outcome = scope.Send(member, SignalStop).Outcome;
                    if (outcome == SendOutcome.NotDeliverable || (outcome == SendOutcome.NotPermitted && !isToKill))
                    {
                        return;
                    }
                }
            }

            if ((!isNew && isStill) || (!isToKill && time.GetElapsedTime(begun) >= FreezeWithin))
            {
                return;
            }

            isStill = scope.Sweep(frozen);
            members = scope.Look();
        }
    }

    /// <returns>Whether it was sent now.</returns>
    private bool Send(ProcessIdentity member, ShutdownSignal signal)
    {
        // Once in an attempt, whatever comes of it.
        if (!_signalled.Add(member))
        {
            return false;
        }

        var (outcome, reason) = scope.Send(member, signal);
        if (outcome is SendOutcome.NotPermitted or SendOutcome.NotDeliverable)
        {
            var failure = new SendFailure(member, signal, outcome) { Reason = reason };
            _failuresOfAttempt.Add(failure);
            _failures[(member, signal)] = failure;
        }
        else if (outcome == SendOutcome.Sent)
        {
            _isSent = true;
            _isKilled |= SignalSending.IsKill(signal);
        }

        return outcome == SendOutcome.Sent;
    }

    private void Report(StopStep step)
    {
        IProgress<StopStep>[] listeners;
        lock (_gate)
        {
            listeners = _listeners;
        }

        foreach (var listener in listeners)
        {
            try
            {
                listener.Report(step);
            }
#pragma warning disable CA1031 // Whoever looks on cannot break the stop.
            catch (Exception e)
#pragma warning restore CA1031
            {
                SignalStreamsEventSource.Log.ConsumerFailed(nameof(GracefulStop), e.ToString());
            }
        }
    }

    private async Task<StopOutcome> OutcomeAsync(IReadOnlyList<ProcessIdentity> remaining)
    {
        var elapsed = Elapsed;
        if (remaining.Count == 0)
        {
            await scope.WaitForExitStatusAsync().ResultOnLibrary();
        }

        return Outcome(remaining, elapsed);
    }

    private StopOutcome Outcome(IReadOnlyList<ProcessIdentity> remaining, TimeSpan elapsed) => new()
    {
        Result = remaining.Count > 0 ? StopResult.StillAlive : !_isSent ? StopResult.AlreadyGone : _isKilled ? StopResult.Killed : StopResult.Graceful,
        Target = scope.Description,
        Elapsed = elapsed,
        LastSignal = _step is { } number ? plan.Steps[number].Signal : null,
        LastStep = _step,
        ExitStatus = remaining.Count > 0 ? null : scope.ExitStatus,
        Remaining = remaining,
        Failures = [.. _failures.Values],
    };

#pragma warning disable CA1416 // Windows has SIGKILL (TerminateProcess) alone, and answers NotDeliverable to the others.
    private const ShutdownSignal SignalKill = ShutdownSignal.SIGKILL;
    private const ShutdownSignal SignalStop = ShutdownSignal.SIGSTOP;
    private const ShutdownSignal SignalContinue = ShutdownSignal.SIGCONT;

    private static bool StopsOrKills(ShutdownSignal signal) => signal is
        ShutdownSignal.SIGKILL or ShutdownSignal.SIGSTOP or ShutdownSignal.SIGCONT or ShutdownSignal.SIGTSTP or ShutdownSignal.SIGTTIN or ShutdownSignal.SIGTTOU;
#pragma warning restore CA1416
}
