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
    private readonly CancellationTokenSource _source = new();
    private readonly CancelScope? _outer;
    private readonly CancellationToken _outerToken;
    private readonly CancellationTokenRegistration _registration;
    private TaskGroup? _group;
    private ITimer? _timer;
    private List<IDisposable>? _links;
    private Deadline _deadline;
    private Deadline _graceStart;
    private TimeSpan _gracePeriod;
    private volatile CancelReason? _reason;
    private volatile CancelReason? _ownReason;
    private bool _shield;
    private volatile bool _isOuterCancelled;
    private volatile bool _isOuterVisible;
    private bool _isTimedOut;
    private TimeSpan? _failsAfter;
    private int _innerScopes;
    private volatile bool _hasEnded;

    internal CancelScope(CancelScope? outer, CancelScopeOptions options, CancellationToken outerToken)
        : this(outer, options.Timeout, options.TimeProvider ?? outer?.Time ?? TimeProvider.System, outerToken, options.Shield, options.GracePeriod)
    {
    }

    private CancelScope(
        CancelScope? outer, TimeSpan? timeout, TimeProvider timeProvider, CancellationToken outerToken, bool shield = false, TimeSpan gracePeriod = default)
    {
        if (outer is { _hasEnded: true })
        {
            throw new InvalidOperationException("The scope has ended. Make a scope inside another one while that one's body runs.");
        }

        if (outer is not null)
        {
            Interlocked.Increment(ref outer._innerScopes);
        }

        _outer = outer;
        _outerToken = outerToken;
        Time = timeProvider;
        _shield = shield;
        _gracePeriod = gracePeriod;
        _deadline = Deadline.After(timeout, Time);
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

    /// <summary>Whether cancellation of what is around has reached the scope.</summary>
    internal bool IsCancelledFromOutside => _isOuterVisible || (_outerToken.IsCancellationRequested && !_shield && _gracePeriod == TimeSpan.Zero);

    internal CancellationToken OuterToken => _outerToken;

    /// <summary>Cancels the scope, and all scopes and task groups inside it that are not shielded.</summary>
    /// <remarks>Does nothing when it was cancelled before (the first reason stays) or has ended. What waits on the token may go on before this returns,
    /// on the calling thread, as with <see cref="CancellationTokenSource.Cancel()"/>.</remarks>
    /// <param name="reason">Why; a text will do.</param>
    /// <exception cref="AggregateException">Callbacks of the token threw. All of them were called.</exception>
    public void Cancel(CancelReason? reason = null) => TryCancel(reason ?? TextCancelReason.None);

    /// <returns>False when the scope has ended, and there is nothing left to cancel.</returns>
    internal bool TryCancel(CancelReason reason)
    {
        lock (_source)
        {
            if (_hasEnded || _ownReason is not null)
            {
                return !_hasEnded;
            }

            _ownReason = reason;
            _reason ??= reason;
        }

        CancelToken();
        return true;
    }

    /// <summary>Whether an exception is nothing but cancellation, however it is wrapped.</summary>
    internal static bool IsCancellation(Exception error) => error is OperationCanceledException and not IPassesScopes
        || (error is AggregateException { InnerExceptions.Count: > 0 } aggregate && aggregate.InnerExceptions.All(IsCancellation));

    /// <summary>Gives the scope the group whose it is: its children are cancelled with the token.</summary>
    /// <returns>Whether the scope is cancelled already. Whoever did it may have looked for a group before there was one.</returns>
    internal bool Attach(TaskGroup group)
    {
        lock (_source)
        {
            _group = group;
            return _reason is not null;
        }
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

    internal void Unlink(IDisposable link)
    {
        lock (_source)
        {
            _links?.Remove(link);
        }
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
        if (_outer is not null)
        {
            Interlocked.Decrement(ref _outer._innerScopes);
        }

        // Not Dispose, which would wait for a callback that may be waiting for this very body.
        _registration.Unregister();
        links?.ForEach(link => link.Dispose());
    }

    /// <summary>Decides, after <see cref="End"/>, whose a cancellation is that came out of the body.</summary>
    /// <returns>What to throw; null when it ends here.</returns>
    internal Exception? Judge(Exception cancellation)
    {
        // By state, and not by the token of the exception: of linked tokens it tells nothing.
        if (_isOuterVisible)
        {
            // Only the innermost is kept: scopes may be thousands deep.
            return cancellation is OperationCanceledException known && known.CancellationToken == _outerToken ? cancellation
                : new OperationCanceledException(cancellation.Message, cancellation.InnerException as OperationCanceledException ?? cancellation, _outerToken);
        }

        if (!CancelCalled)
        {
            return cancellation;
        }

        CancelledCaught = true;
        return null;
    }

    /// <summary>A scope must not end before one that was made inside it: cancels those that are open, after <see cref="End"/>.</summary>
    /// <returns>What to throw; null when none is.</returns>
    internal InvalidOperationException? CancelOpenScopes()
    {
        if (Volatile.Read(ref _innerScopes) == 0)
        {
            return null;
        }

        _reason ??= "the scope around it has ended";
        CancelAndContain();
        return new InvalidOperationException("The body of a scope has ended before a scope inside it, which is cancelled now. Await what scope.RunAsync and its like return.");
    }

    private void OnOuterCancelled()
    {
        lock (_source)
        {
            _graceStart = Deadline.After(TimeSpan.Zero, Time);
            _isOuterCancelled = true;
        }

        LetOuterIn();
    }

    // Unless a shield or a grace period is in its way.
    private bool TryShowOuter()
    {
        lock (_source)
        {
            if (!_isOuterCancelled || _isOuterVisible || _shield || _hasEnded)
            {
                return false;
            }

            if (_gracePeriod != TimeSpan.Zero && !GraceEnd.HasPassed(Time))
            {
                Arm();
                return false;
            }

            ShowOuter();
            return true;
        }
    }

    private void LetOuterIn()
    {
        if (!TryShowOuter())
        {
            return;
        }

        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            CancelToken();
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

    private void CancelToken()
    {
        List<Exception>? errors = null;
        try
        {
            _group?.OnCancelled();
        }
#pragma warning disable CA1031 // Of callbacks of the children's tokens, or of a clock. The token is to be cancelled all the same; then it is thrown.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors = e is AggregateException ofCallbacks ? [.. ofCallbacks.InnerExceptions] : [e];
        }

        try
        {
            _source.Cancel();
        }
        catch (AggregateException e) when (errors is not null)
        {
            errors.AddRange(e.InnerExceptions);
        }

        if (errors is not null)
        {
            throw new AggregateException(errors);
        }
    }

    // On a thread that is nobody's: what callbacks throw has no caller to be thrown at.
    private void CancelAndContain()
    {
        try
        {
            CancelToken();
        }
        catch (AggregateException e)
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(CancelScope), e.ToString());
        }
    }
}
