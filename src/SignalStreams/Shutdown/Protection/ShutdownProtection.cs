using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A block of code that the end of the process waits for.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>While any block is active, a signal is only noted: the process ends at the first <see cref="AllowBreak"/>, at the end of the last block, or when the
/// latest deadline of all blocks has passed. Then <see cref="Token"/> is cancelled, what rolls back has <see cref="ShutdownOptions.RollbackTime"/>, exit
/// handlers run, and the process ends.</item>
/// <item>Once the process was asked to end, no block is entered any more: <see cref="ShutdownImminentException"/>.</item>
/// <item>The third attempt ends the process inside the block, and nothing protects from SIGKILL. Once the process was asked to end, <c>Environment.Exit</c> and the
/// return of the main function wait for blocks too: do not call it in a block, which would be waited for until its deadline. Before, they do not.</item>
/// <item>Blocks may be nested, and be active on any number of threads. All members are thread-safe. A block belongs to the flow of execution that entered it: when that ends by
/// an exception that nobody catches, the block has ended.</item>
/// </list>
/// </remarks>
public sealed class ShutdownProtection : IDisposable
{
    private static readonly AsyncLocal<ShutdownProtection?> Innermost = new();

    private readonly ShutdownManager _manager;
    private readonly TimeSpan? _maxExecTime;
    private readonly bool _runAtExit;
    private readonly string _name;
#pragma warning disable CA2213 // Whoever rolls back may use the token after the block; the source has no timer and no wait handle.
    private CancellationTokenSource? _source;
#pragma warning restore CA2213

    internal ShutdownProtection(ShutdownManager manager, TimeSpan? maxExecTime, bool runAtExit, string name)
    {
        _manager = manager;
        _maxExecTime = Limits.Positive(maxExecTime, nameof(maxExecTime));
        _runAtExit = runAtExit;
        _name = name;
        Protect();

        // Once, and those that have ended are not kept: what is left and taken up again must not make a circle of it.
        for (Outer = Current; Outer is { IsActive: false }; Outer = Outer.Outer)
        {
        }

        Innermost.Value = this;
    }

    /// <summary>The name that it was entered with; that of the calling member by default.</summary>
    public string Name => _name == "<Main>$" ? "Main" : ExpressionName.Shorten(_name);

    /// <summary>Cancelled when the block has used up its time and the process is to end: roll back, you have <see cref="ShutdownOptions.RollbackTime"/>.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_manager.Gate)
            {
                if (_source is null)
                {
                    _source = new CancellationTokenSource();
                    if (IsCutOff)
                    {
                        // Nobody has a callback on it yet.
                        _source.Cancel();
                    }
                }

                return _source.Token;
            }
        }
    }

    /// <summary>Whether the process was asked to end, and waits for blocks such as this one.</summary>
    public bool IsShutdownPending => _manager.State != ShutdownState.Running;

    internal ShutdownProtection? Previous { get; set; }

    internal ShutdownProtection? Next { get; set; }

    internal bool IsActive { get; set; }

    internal bool IsCutOff { get; private set; }

    /// <summary>Whether the process had been asked to end before it was entered.</summary>
    internal bool IsLate { get; set; }

    /// <summary>Whether the process stopped when it left, because it was the last to leave.</summary>
    internal bool WasLast { get; set; }

    internal Deadline Deadline { get; private set; }

    internal TimeSpan Limit { get; private set; }

    internal long EnteredAt { get; private set; }

    /// <summary>The block around this one, in the flow of execution that entered both.</summary>
    internal ShutdownProtection? Outer { get; private set; }

    /// <summary>The innermost block of the calling flow.</summary>
    internal static ShutdownProtection? Current => Innermost.Value;

    /// <inheritdoc cref="ShutdownManager.Enter(TimeSpan?, bool, string)"/>
    public static ShutdownProtection Enter(TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "") =>
        ShutdownManager.Default.Enter(maxExecTime, runAtExit, name);

    /// <inheritdoc cref="ShutdownManager.RunProtectedAsync(Func{ShutdownProtection, Task}, TimeSpan?, bool, string)"/>
    public static Task RunAsync(Func<ShutdownProtection, Task> body, TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "") =>
        ShutdownManager.Default.RunProtectedAsync(body, maxExecTime, runAtExit, name);

    /// <inheritdoc cref="ShutdownManager.RunProtected(Action{ShutdownProtection}, TimeSpan?, bool, string)"/>
    public static void Run(Action<ShutdownProtection> body, TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "") =>
        ShutdownManager.Default.RunProtected(body, maxExecTime, runAtExit, name);

    /// <summary>A place where the process may end. If it was asked to, the block is left and this throws; if not, the block's time begins anew.</summary>
    /// <param name="renew">Whether the block's time begins anew; true by default.</param>
    /// <exception cref="ShutdownRequestedException">The process was asked to end. Let it out of the block. If other blocks are active, the process goes on until they have ended;
    /// <see cref="RunAsync"/> then returns, as if the body had. A <c>using</c> cannot do that: of blocks inside each other, use it for the outermost only.</exception>
    /// <exception cref="InvalidOperationException">The block has ended, and <paramref name="renew"/> is true.</exception>
    public void AllowBreak(bool renew = true)
    {
        if (_manager.TryBreak(this) is { } shutdown)
        {
            throw shutdown;
        }

        if (renew)
        {
            Renew();
        }
    }

    /// <summary>Lets the block's time begin anew. A block that renews itself in time is never cut off.</summary>
    /// <param name="maxExecTime">How much time from now; by default as much as at the beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    /// <exception cref="InvalidOperationException">The block has ended.</exception>
    public void Renew(TimeSpan? maxExecTime = null)
    {
        Limits.Positive(maxExecTime, nameof(maxExecTime));
        lock (_manager.Gate)
        {
            if (IsActive)
            {
                SetTime(maxExecTime);
                _manager.Gate.Changed();
                return;
            }
        }

        // Outside of the gate, as everything that is thrown: where nobody catches it, whoever is told runs before the lock is given back.
        throw new InvalidOperationException($"The protected block '{Name}' has ended, and has no time to renew. Call Protect, or enter a new one.");
    }

    /// <summary>Protects again what <see cref="Unprotect"/> had left; nothing if the block is active.</summary>
    /// <exception cref="ShutdownImminentException">The process was asked to end meanwhile, and the block does not run at exit.</exception>
    public void Protect()
    {
        lock (_manager.Gate)
        {
            if (IsActive)
            {
                return;
            }

            if (_manager.TryHold(this, _runAtExit))
            {
                EnteredAt = _manager.Time.GetTimestamp();
                _source = IsCutOff ? null : _source;
                IsCutOff = false;
                WasLast = false;
                SetTime(maxExecTime: null);
                return;
            }
        }

        throw _manager.Refusal($"The protected block '{Name}' cannot be entered any more.");
    }

    /// <summary>Leaves the block without throwing, whatever has happened; the process then ends if it was asked to and this was the last block.</summary>
    public void Unprotect() => _manager.Leave(this);

    /// <inheritdoc cref="Unprotect"/>
    public void Dispose()
    {
        Unprotect();
        if (Current == this)
        {
            Innermost.Value = Outer;
        }
    }

    /// <summary>Under the manager's gate: the block has used up its time.</summary>
    /// <returns>What to cancel; null if nobody has asked for the token.</returns>
    internal CancellationTokenSource? CutOff()
    {
        IsCutOff = true;
        return _source;
    }

    /// <summary>Whether an exception says no more than that the process was asked to end.</summary>
    internal bool IsShutdown(Exception exception) => IsShutdownPending && exception switch
    {
        ShutdownRequestedException => true,
        OperationCanceledException cancellation => IsCutOff || cancellation.CancellationToken == _manager.PeekStoppingToken,
        AggregateException { InnerExceptions.Count: > 0 } aggregate => aggregate.InnerExceptions.All(IsShutdown),
        _ => false,
    };

    private void SetTime(TimeSpan? maxExecTime)
    {
        Limit = maxExecTime ?? _maxExecTime ?? _manager.Settings.MaxExecTime;
        Deadline = Deadline.After(Limit, _manager.Time);
    }
}
