using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>One child of a task group. It is its own cancellation source, so that a child costs one object.</summary>
internal class ChildTask(TaskGroup group, string name, Func<CancellationToken, Task> start) : CancellationTokenSource
{
    private const int LongestName = 60;

    private readonly Func<CancellationToken, Task> _start = start;
    private TaskCompletionSource? _promise;
#pragma warning disable CA2213 // A child has no timer, no link and no wait handle, and is never disposed; nor is this.
    private ExecutionContext? _context;
#pragma warning restore CA2213
    private volatile CancelReason? _reason;
    private volatile TaskHandleStatus _status;
    private long _started;
    private int _isTaken;

    public ChildTask? Previous { get; set; }

    public ChildTask? Next { get; set; }

    /// <summary>Whether it waits for its turn, or has. Under the group's gate.</summary>
    public bool IsQueued { get; private set; }

    /// <summary>Whether the error of the child is somebody else's than the group's: of one who waits for it to have started.</summary>
    public Func<ChildTask, bool>? TakesError { get; init; }

    /// <summary>What the child returned; null before it has. Under the group's gate.</summary>
    public Task? Task { get; private set; }

    public CancelReason? Reason => _reason;

    /// <summary>As it will be settled in a moment, where it has ended already.</summary>
    public TaskHandleStatus Status => _status == TaskHandleStatus.Running && Task is { IsCompleted: true } ? group.StatusOf(this) : _status;

    /// <summary>Without a name of its own a child is called after its expression, which may be a page of code.</summary>
    public string Name
    {
        get
        {
            var line = name.AsSpan().Trim();
            var end = line.IndexOfAny('\r', '\n');
            line = end < 0 ? line : line[..end];
            return end < 0 && line.Length <= LongestName ? line.ToString() : $"{line[..Math.Min(line.Length, LongestName)]}...";
        }
    }

    /// <summary>Ends with the child, also when it has not begun yet.</summary>
    public Task Completion => group.CompletionOf(this);

    public RunningTask ToRunning() => new(Name, _status == TaskHandleStatus.Pending ? TimeSpan.Zero : group.Time.GetElapsedTime(_started));

    public void Queue()
    {
        IsQueued = true;
        _context = ExecutionContext.Capture();
    }

    /// <summary>Whether it was called, and so has taken a place.</summary>
    public bool HadItsTurn => _started != 0;

    /// <summary>Claims the right to begin it, or to say that it never will.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Calls the child, which runs until it first waits.</summary>
    /// <returns>Whether it has ended by then; otherwise it tells the group when it does.</returns>
    public bool Begin()
    {
        _started = group.Time.GetTimestamp();
        _status = TaskHandleStatus.Running;
        var task = default(Task);
        if (_context is null)
        {
            task = Call();
        }
        else
        {
            // Whoever has just ended has nothing to do with this one.
            ExecutionContext.Run(_context, _ => task = Call(), null);
        }

        group.SetTask(this, task!);
        if (task!.IsCompleted)
        {
            return true;
        }

        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => group.OnCompleted(this));
        return false;
    }

    public void Hold(Task task) => Task = task;

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
            group.SetTask(this, Canceled());
            group.OnCompleted(this);
        }
    }

    /// <summary>Tells those who wait for it.</summary>
    public void Settle(TaskHandleStatus status)
    {
        _status = status;
        KeepPromise(Task!);
    }

    /// <summary>A task to wait with for a child that has not returned one.</summary>
    public virtual Task Promise() => (_promise ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

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

    protected virtual Task Elsewhere() => System.Threading.Tasks.Task.Run(() => _start(Token));

    protected virtual Task Faulted(Exception error) => System.Threading.Tasks.Task.FromException(error);

    protected virtual Task Canceled() => System.Threading.Tasks.Task.FromCanceled(Token);

    protected virtual void KeepPromise(Task task) => _promise?.SetFromTask(task);

    private Task Call()
    {
        try
        {
            // A child that starts a child that starts a child, none of which has waited yet.
            return RuntimeHelpers.TryEnsureSufficientExecutionStack()
                ? _start(Token) ?? Faulted(new InvalidOperationException($"'{Name}' returned no task."))
                : Elsewhere();
        }
#pragma warning disable CA1031 // What a child throws at once is its error, as what it throws later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Faulted(e);
        }
    }
}
