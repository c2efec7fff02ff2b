using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A piece of work that can be cancelled as a whole, by anyone who has the scope, by its deadline, or by what is around it.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>The body is given the scope, and passes <see cref="Token"/> on to what it waits for. A scope inside it is made from it: <c>scope.RunAsync(...)</c>.</item>
/// <item>A cancellation that the scope caused itself ends at the scope: the caller goes on after it, and <see cref="CancelledCaught"/> is true.
/// One that came from outside goes on outwards, as an <see cref="OperationCanceledException"/> with the token of what is around.</item>
/// <item>Every wait on the token of a cancelled scope throws, not only the first: clean-up that has to wait needs a shielded scope, or a grace period.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, no link and no wait handle of its own: there is nothing to dispose.")]
public sealed partial class CancelScope
{
    // What a timer takes at most, less a margin; a later deadline is waited for in pieces.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly CancellationTokenSource _source = new();
    private readonly CancelScope? _outer;
    private readonly CancellationToken _outerToken;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private List<IDisposable>? _links;
    private Deadline _deadline;
    private long? _graceStart;
    private Deadline _graceEnd;
    private TimeSpan _gracePeriod;
    private volatile CancelReason? _reason;
    private volatile CancelReason? _ownReason;
    private bool _shield;
    private bool _isOuterCancelled;
    private volatile bool _isOuterVisible;
    private volatile bool _hasEnded;

    internal CancelScope(CancelScope? outer, CancelScopeOptions options, CancellationToken outerToken)
    {
        if (outer is { _hasEnded: true })
        {
            throw new InvalidOperationException("The scope has ended. Make a scope inside another one while that one's body runs.");
        }

        _outer = outer;
        _outerToken = outerToken;
        Time = options.TimeProvider ?? outer?.Time ?? TimeProvider.System;
        _shield = options.Shield;
        _gracePeriod = options.GracePeriod;
        _deadline = Deadline.After(options.Timeout, Time);
        if (!_deadline.IsNever)
        {
            OnTimer();
        }

        if (outerToken.CanBeCanceled)
        {
            // Runs at once if it is cancelled already.
            _registration = outerToken.UnsafeRegister(static scope => ((CancelScope)scope!).OnOuterCancelled(), this);
        }
    }

    /// <summary>Is cancelled when the scope is. Pass it to everything that the body waits for.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the scope itself was cancelled: by <see cref="Cancel"/> or by its deadline.</summary>
    public bool CancelCalled => _ownReason is not null;

    /// <summary>Whether a cancellation that the scope caused itself ended its body, and ended here.</summary>
    /// <value>False while the body runs; false if the body came to its end without noticing.</value>
    public bool CancelledCaught { get; private set; }

    /// <summary>Why the scope is cancelled, by the first who did it; null while it is not.</summary>
    public CancelReason? Reason => _reason;

    /// <summary>Whether cancellation of what is around the scope is kept out; its own <see cref="Cancel"/> and deadline still work.</summary>
    /// <value>Can be changed while the body runs. When it is switched off, what was kept out arrives.</value>
    public bool Shield
    {
        get => _shield;
        set
        {
            lock (_source)
            {
                _shield = value;
            }

            LetOuterIn();
        }
    }

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
                if (_graceStart is { } start)
                {
                    _graceEnd = value == Timeout.InfiniteTimeSpan ? Deadline.Never : Deadline.After(value - Time.GetElapsedTime(start), Time);
                }

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
    /// <value><see cref="Deadline.Passed"/> once it is cancelled; <see cref="Deadline.Never"/> when there is none.</value>
    public Deadline EffectiveDeadline
    {
        get
        {
            var earliest = Deadline.Never;
            for (var scope = this; scope is not null; scope = scope._shield ? null : scope._outer)
            {
                if (scope.Token.IsCancellationRequested)
                {
                    return Deadline.Passed;
                }

                earliest = scope._deadline < earliest ? scope._deadline : earliest;
            }

            return earliest;
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>Whether cancellation of what is around has reached the scope.</summary>
    internal bool IsCancelledFromOutside => _isOuterVisible || (_outerToken.IsCancellationRequested && !_shield && _gracePeriod == TimeSpan.Zero);

    internal CancellationToken OuterToken => _outerToken;

    /// <summary>Cancels the scope, and all scopes and task groups inside it that are not shielded.</summary>
    /// <remarks>Does nothing when it was cancelled before (the first reason stays) or has ended. What waits on the token may go on before this returns,
    /// on the calling thread, as with <see cref="CancellationTokenSource.Cancel()"/>.</remarks>
    /// <param name="reason">Why; a text will do.</param>
    /// <exception cref="AggregateException">Callbacks of the token threw. All of them were called.</exception>
    public void Cancel(CancelReason? reason = null)
    {
        lock (_source)
        {
            if (_hasEnded || _ownReason is not null)
            {
                return;
            }

            reason ??= TextCancelReason.None;
            _ownReason = reason;
            _reason ??= reason;
        }

        _source.Cancel();
    }

    internal static TimeSpan CheckGracePeriod(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        }

        return value;
    }

    /// <summary>Keeps something that cancels the scope, until the scope ends.</summary>
    internal void Link(IDisposable link)
    {
        lock (_source)
        {
            if (!_hasEnded)
            {
                (_links ??= []).Add(link);
                return;
            }
        }

        link.Dispose();
        throw new InvalidOperationException("The scope has ended: there is nothing left to cancel.");
    }

    /// <summary>Ends the scope: nothing cancels it from here on.</summary>
    internal void End()
    {
        ITimer? timer;
        List<IDisposable>? links;
        lock (_source)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            if (IsCancelledFromOutside)
            {
                ShowOuter();
            }

            (timer, _timer) = (_timer, null);
            (links, _links) = (_links, null);
        }

        timer?.Dispose();

        // Not Dispose, which would wait for a callback that may be waiting for this very body.
        _registration.Unregister();
        links?.ForEach(link => link.Dispose());
    }

    /// <summary>Decides, after <see cref="End"/>, whose a cancellation is that came out of the body.</summary>
    /// <returns>What to throw; null when it ends here.</returns>
    internal OperationCanceledException? Judge(OperationCanceledException cancellation)
    {
        // By state, and not by the token of the exception: of linked tokens it tells nothing.
        if (_isOuterVisible)
        {
            return cancellation.CancellationToken == _outerToken ? cancellation : new OperationCanceledException(cancellation.Message, cancellation, _outerToken);
        }

        if (!CancelCalled)
        {
            return cancellation;
        }

        CancelledCaught = true;
        return null;
    }

    private void OnOuterCancelled()
    {
        lock (_source)
        {
            _isOuterCancelled = true;
            if (_gracePeriod != TimeSpan.Zero && _graceStart is null)
            {
                _graceStart = Time.GetTimestamp();
                _graceEnd = Deadline.After(_gracePeriod, Time);
            }
        }

        LetOuterIn();
    }

    // The outer cancellation arrives, unless a shield or a grace period is in its way.
    private void LetOuterIn()
    {
        lock (_source)
        {
            if (!_isOuterCancelled || _isOuterVisible || _shield || _hasEnded)
            {
                return;
            }

            if (_gracePeriod != TimeSpan.Zero && !_graceEnd.HasPassed(Time))
            {
                Arm();
                return;
            }

            ShowOuter();
        }

        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _source.Cancel();
        }
        else
        {
            // Thousands of scopes inside each other.
            ThreadPool.UnsafeQueueUserWorkItem(static scope => scope.CancelAndContain(), this, preferLocal: false);
        }
    }

    private void ShowOuter()
    {
        _isOuterVisible = true;
        _reason ??= _outer?.Reason is { } outer ? new OuterScopeCancelReason(outer) : new TokenCancelReason(_outerToken);
    }

    // Under the gate.
    private void Arm()
    {
        var next = _isOuterCancelled && !_shield && _graceStart is not null && _graceEnd < _deadline ? _graceEnd : _deadline;
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
        lock (_source)
        {
            if (_hasEnded)
            {
                return;
            }

            if (_ownReason is null && _deadline.HasPassed(Time))
            {
                _ownReason = new DeadlineCancelReason(_deadline);
                _reason ??= _ownReason;
            }
            else
            {
                Arm();
            }
        }

        if (_ownReason is DeadlineCancelReason)
        {
            CancelAndContain();
        }

        LetOuterIn();
    }

    // On a thread that is nobody's: what callbacks throw has no caller to be thrown at.
    private void CancelAndContain()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException e)
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(CancelScope), e.ToString());
        }
    }
}
