using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>Tasks that begin and end together: it ends when all of them have, and when one fails the others are cancelled.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Leaving the group waits for the body and all children, also for those that children start.</item>
/// <item>When a child or the body fails, the others are cancelled. All errors come out together, in the order in which they happened, in one
/// <see cref="AggregateException"/>, also a single one (<see cref="TaskGroupOptions.UnwrapSingleError"/>).</item>
/// <item>The group's own <see cref="Cancel"/> is no error: the caller goes on. When what is around it was cancelled, one
/// <see cref="OperationCanceledException"/> with that token comes out, however many children ended for it.</item>
/// <item>A child runs on the calling thread until it first waits, as any async method. Work that does not wait goes into <see cref="Task.Run(Action)"/>.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed partial class TaskGroup
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new();
    private readonly TaskGroupOptions _options;
    private Queue<QueuedChild>? _queue;
    private List<Exception>? _errors;
    private HashSet<Exception>? _knownErrors;
    private Stack<object>? _resources;
    private IReadOnlyList<RunningTask>? _overdue;
    private ITimer? _closeTimer;
    private ChildTask? _first;
    private ChildTask? _last;
    private ChildTask? _body;
    private int _open;
    private int _running;
    private bool _isCancelled;
    private bool _isCut;
    private bool _isCloseTimeOver;
    private bool _isClosed;

    private TaskGroup(CancelScope scope, TaskGroupOptions options)
    {
        CancelScope = scope;
        _options = options;
        if (scope.Attach(this))
        {
            OnCancelled();
        }
    }

    /// <summary>The scope of the body and of all children.</summary>
    public CancelScope CancelScope { get; }

    /// <summary>Is cancelled when the group is. Children are given a token of their own, which is cancelled with it.</summary>
    public CancellationToken Token => CancelScope.Token;

    /// <summary>Why the group is cancelled; null while it is not.</summary>
    public CancelReason? Reason => CancelScope.Reason;

    private bool IsCancelled => Token.IsCancellationRequested || Volatile.Read(ref _isCancelled) || CancelScope.IsCancelledFromOutside;

    internal TimeProvider Time => CancelScope.Time;

    /// <summary>Whether children may have to be named, with their times, since they did not end in time.</summary>
    internal bool NamesOverdue => _options.CloseTimeout is not null;

    /// <summary>Cancels the body and all children. Leaving the group is no error then.</summary>
    /// <inheritdoc cref="CancelScope.Cancel"/>
    public void Cancel(CancelReason? reason = null) => CancelScope.Cancel(reason);

    /// <summary>Starts a child.</summary>
    /// <param name="child">The work; it is given its token. It runs on this thread until it first waits.</param>
    /// <param name="name">What to call it in errors; without one, its expression.</param>
    /// <returns>The child, to look at, to wait for, or to cancel alone.</returns>
    /// <exception cref="InvalidOperationException">The group has ended. While it is ending, its children can start others.</exception>
    public TaskHandle Start(Func<CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        return new TaskHandle(Begin(new ChildTask(this, name ?? "", child)));
    }

    /// <inheritdoc cref="Start(Func{CancellationToken, Task}, string)"/>
    public TaskHandle Start(string name, Func<CancellationToken, Task> child)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Start(child, name);
    }

    /// <summary>Starts a child that has a result.</summary>
    /// <inheritdoc cref="Start(Func{CancellationToken, Task}, string)"/>
    public TaskHandle<T> Start<T>(Func<CancellationToken, Task<T>> child, [CallerArgumentExpression(nameof(child))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        return new TaskHandle<T>(Begin(new ChildTask<T>(this, name ?? "", child)));
    }

    /// <summary>Starts a child that has a result.</summary>
    /// <inheritdoc cref="Start(Func{CancellationToken, Task}, string)"/>
    public TaskHandle<T> Start<T>(string name, Func<CancellationToken, Task<T>> child)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Start(child, name);
    }

    /// <summary>Starts a child, and waits until it says that it has started.</summary>
    /// <param name="child">The work; it is given what to call, once, when it has started, and its token.</param>
    /// <param name="cancellationToken">Gives the child up: it is cancelled, and waited for.</param>
    /// <param name="name">What to call it in errors; without one, its expression.</param>
    /// <exception cref="InvalidOperationException">The child has ended without saying that it had started, or the group has ended.</exception>
    /// <exception cref="OperationCanceledException">The token, or the group, was cancelled before the child had started.</exception>
    /// <exception cref="Exception">What the child threw before it had started. The group does not see it, and lives on. What it throws later is the group's.</exception>
    public Task StartAsync(
        Func<Action, CancellationToken, Task> child, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(child))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        return StartAsync(WithoutValue(child), cancellationToken, name);
    }

    /// <inheritdoc cref="StartAsync(Func{Action, CancellationToken, Task}, CancellationToken, string)"/>
    public Task StartAsync(string name, Func<Action, CancellationToken, Task> child, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StartAsync(child, cancellationToken, name);
    }

    /// <inheritdoc cref="StartAsync(Func{Action, CancellationToken, Task}, CancellationToken, string)"/>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="child">The work; it is given what to call, once, when it has started, and its token.</param>
    /// <param name="handle">The child, from its beginning. If the token is cancelled already, none begins, and this is the default value.</param>
    /// <param name="cancellationToken">Gives the child up: it is cancelled, and waited for.</param>
    public Task StartAsync(string name, Func<Action, CancellationToken, Task> child, out TaskHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(child);
        return StartAsync(name, WithoutValue(child), out handle, cancellationToken);
    }

    /// <summary>Starts a child, and waits until it says that it has started, with a value such as the port that it listens on.</summary>
    /// <returns>The value.</returns>
    /// <inheritdoc cref="StartAsync(Func{Action, CancellationToken, Task}, CancellationToken, string)"/>
    public Task<T> StartAsync<T>(
        Func<Action<T>, CancellationToken, Task> child, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(child))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        return StartAsync(name ?? "", child, out _, cancellationToken);
    }

    /// <inheritdoc cref="StartAsync{T}(Func{Action{T}, CancellationToken, Task}, CancellationToken, string)"/>
    public Task<T> StartAsync<T>(string name, Func<Action<T>, CancellationToken, Task> child, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StartAsync(child, cancellationToken, name);
    }

    /// <inheritdoc cref="StartAsync{T}(Func{Action{T}, CancellationToken, Task}, CancellationToken, string)"/>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="child">The work; it is given what to call, once, when it has started, and its token.</param>
    /// <param name="handle">The child, from its beginning. If the token is cancelled already, none begins, and this is the default value.</param>
    /// <param name="cancellationToken">Gives the child up: it is cancelled, and waited for.</param>
    public Task<T> StartAsync<T>(string name, Func<Action<T>, CancellationToken, Task> child, out TaskHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(child);
        handle = default;
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var handshake = new Handshake<T>();
        var started = Begin(new HandshakeChildTask<T>(this, name, child, handshake));
        handle = new TaskHandle(started);
        return WaitAsync(started, handshake, cancellationToken);
    }

    /// <summary>Gives the group a resource to dispose, after all its children have ended, the last one given first.</summary>
    /// <param name="resource">An <see cref="IAsyncDisposable"/> or an <see cref="IDisposable"/>. What its disposal throws is an error of the group.</param>
    /// <returns>The resource.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    /// <exception cref="InvalidOperationException">The group has ended; the resource stays yours.</exception>
    public T Own<T>(T resource)
        where T : notnull
    {
        if (resource is not (IAsyncDisposable or IDisposable))
        {
            throw new ArgumentException($"{resource.GetType()} cannot be disposed: it is neither IAsyncDisposable nor IDisposable.", nameof(resource));
        }

        lock (_gate)
        {
            ThrowIfClosed();
            (_resources ??= []).Push(resource);
        }

        return resource;
    }

    private static Func<Action<bool>, CancellationToken, Task> WithoutValue(Func<Action, CancellationToken, Task> child) =>
        (started, token) => child(() => started(true), token);

    private static async Task<T> WaitAsync<T>(ChildTask child, Handshake<T> handshake, CancellationToken cancellationToken)
    {
        var giveUp = cancellationToken.UnsafeRegister(static child => ((ChildTask)child!).Cancel("whoever started it has given it up"), child);
        try
        {
            var value = await handshake.Started.ConfigureAwait(false);

            // Taken back in time, or not cancelled at all: it can no longer be given up.
            if (giveUp.Unregister() || !cancellationToken.IsCancellationRequested)
            {
                return value;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            giveUp.Unregister();
        }

        // Cancelled, and it may have said so all the same: not left behind.
        await child.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new OperationCanceledException(cancellationToken);
    }
}
