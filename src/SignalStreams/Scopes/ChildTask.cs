using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>One child of a task group. It is its own cancellation source, so that a child costs one object.</summary>
internal class ChildTask(TaskGroup group, string name, Func<CancellationToken, Task> start) : CancellationTokenSource
{
    private Func<CancellationToken, Task>? _start = start;
    private volatile Task? _task;
    private object? _promise;
    private volatile CancelReason? _reason;
    private volatile TaskHandleStatus _status;
    private bool _isTaken;
    private long _started;

    public ChildTask? Previous { get; set; }

    public ChildTask? Next { get; set; }

    /// <summary>Whether it had to wait for its turn. Under the group's gate.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether it was called, and so has taken a place.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What the child returned; null before it has.</summary>
    public Task? Task => _task;

    public CancelReason? Reason => _reason;

    /// <summary>As it will be settled in a moment, where it has ended already.</summary>
    public TaskHandleStatus Status => _status <= TaskHandleStatus.Running && Task is { IsCompleted: true } ? group.StatusOf(this) : _status;

    /// <summary>Without a name of its own a child is called after its expression.</summary>
    public string Name => ExpressionName.Shorten(name);

    /// <summary>Ends with the child, also when it has not begun yet.</summary>
    public Task Completion
    {
        get
        {
            if (_task is { } task)
            {
                return task;
            }

            var promise = Volatile.Read(ref _promise) ?? CreatePromise();
            promise = Interlocked.CompareExchange(ref _promise, promise, null) ?? promise;

            // It has returned meanwhile, and may have ended without a look at the promise.
            return _task ?? TaskOf(promise);
        }
    }

    public RunningTask ToRunning() => new(Name, _status == TaskHandleStatus.Pending ? TimeSpan.Zero : group.Time.GetElapsedTime(_started));

    /// <summary>Claims the right to begin it, or to say that it never will.</summary>
    public bool TryTake() => !Interlocked.Exchange(ref _isTaken, true);

    /// <summary>Calls the child, which runs until it first waits.</summary>
    /// <returns>Whether it has ended by then; otherwise it tells the group when it does.</returns>
    public bool Begin()
    {
        if (group.NamesOverdue)
        {
            _started = group.Time.GetTimestamp();
        }

        HasBegun = true;
        _status = TaskHandleStatus.Running;
        var task = Call();
        _task = task;
        if (task.IsCompleted)
        {
            return true;
        }

        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => group.OnCompleted(this));
        return false;
    }

    /// <summary>Cancels it, and ends it at once if it still waits for its turn.</summary>
    public void Cancel(CancelReason? reason)
    {
        if (_status > TaskHandleStatus.Running)
        {
            return;
        }

        if (reason is not null)
        {
            _reason ??= reason;
        }

        Cancel();
        if (IsQueued && TryTake())
        {
            _task = Canceled();
            group.OnCompleted(this);
        }
    }

    /// <summary>Tells those who wait for it.</summary>
    public void Settle(TaskHandleStatus status)
    {
        _status = status;

        // Against Completion: either it sees the task, or this sees its promise.
        Interlocked.MemoryBarrier();
        if (_promise is { } promise)
        {
            KeepPromise(promise);

            // The group has the error already: nobody needs to look here.
            _ = TaskOf(promise).Exception;
        }
    }

    /// <summary>Whether its error is somebody else's than the group's.</summary>
    public virtual bool GivesAwayError() => false;

    /// <summary>Whether it ended with a cancellation, whosever.</summary>
    /// <remarks>Asked before <see cref="Error"/>, which has to throw to know the exception of a cancelled task: a million children may be cancelled.</remarks>
    public bool EndedCancelled => Task is { IsCanceled: true } || (Task is { IsFaulted: true } && CancelScope.IsCancellation(Error()!));

    public Exception? Error()
    {
        var task = Task!;
        if (task.IsCompletedSuccessfully)
        {
            return null;
        }

        if (task.Exception is { } aggregate)
        {
            return aggregate.InnerExceptions.Count == 1 ? aggregate.InnerException! : aggregate;
        }

        try
        {
            task.GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException e)
        {
            return e;
        }
    }

    // A task to wait with for a child that has not returned one.
    protected virtual object CreatePromise() => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    protected virtual Task TaskOf(object promise) => ((TaskCompletionSource)promise).Task;

    protected virtual void KeepPromise(object promise) => ((TaskCompletionSource)promise).SetFromTask(Task!);

    protected virtual Task CallElsewhere(Func<CancellationToken, Task> start) => System.Threading.Tasks.Task.Run(() => start(Token));

    protected virtual Task Faulted(Exception error) => System.Threading.Tasks.Task.FromException(error);

    protected virtual Task Canceled() => System.Threading.Tasks.Task.FromCanceled(Token);

    private Task Call()
    {
        // Not kept: what it captured may be large, and the child long.
        var start = _start!;
        _start = null;
        try
        {
            // A child that starts a child that starts a child, none of which has waited yet.
            return RuntimeHelpers.TryEnsureSufficientExecutionStack()
                ? start(Token) ?? Faulted(new InvalidOperationException($"'{Name}' returned no task."))
                : CallElsewhere(start);
        }
#pragma warning disable CA1031 // What a child throws at once is its error, as what it throws later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Faulted(e);
        }
    }
}
