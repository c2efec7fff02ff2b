using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>One child of a task group. It is its own cancellation source, so that a child costs one object.</summary>
internal class ChildTask(TaskGroup group, string name, Func<CancellationToken, Task> start) : CancellationTokenSource
{
    private const int LongestName = 60;

    private Func<CancellationToken, Task>? _start = start;
    private long _started;

    public ChildTask? Previous { get; set; }

    public ChildTask? Next { get; set; }

    /// <summary>Whether the error of the child is somebody else's than the group's: of one who waits for it to have started.</summary>
    public Func<Exception?, bool>? TakesError { get; init; }

    /// <summary>What the child returned; null while it waits for its turn. Under the group's gate.</summary>
    public Task? Task { get; private set; }

    public CancelReason? Reason { get; private set; }

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

    public TaskHandleStatus Status => Task is not { } task ? TaskHandleStatus.Pending
        : !task.IsCompleted ? TaskHandleStatus.Running
        : task.IsCompletedSuccessfully ? TaskHandleStatus.Finished
        : WasCancelled(ErrorOf(task)!) ? TaskHandleStatus.Cancelled
        : TaskHandleStatus.Failed;

    /// <summary>Ends with the child, also when it has not begun yet.</summary>
    public Task Completion => group.CompletionOf(this);

    public RunningTask ToRunning() => new(Name, Task is null ? TimeSpan.Zero : group.Time.GetElapsedTime(_started));

    /// <summary>Calls the child. It runs until it first waits.</summary>
    public void Begin()
    {
        _started = group.Time.GetTimestamp();
        var start = _start!;
        _start = null;
        Task task;
        try
        {
            task = IsCancellationRequested && group.SkipsCancelled ? Canceled()
                : RuntimeHelpers.TryEnsureSufficientExecutionStack() ? start(Token)
                : System.Threading.Tasks.Task.Run(() => start(Token));
            task ??= Faulted(new InvalidOperationException($"'{Name}' returned no task."));
        }
#pragma warning disable CA1031 // What a child throws at once is its error, as what it throws later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            task = Faulted(e);
        }

        group.SetTask(this, task);
        if (task.IsCompleted)
        {
            OnCompleted();
        }
        else
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnCompleted);
        }
    }

    public void Hold(Task task) => Task = task;

    public void Cancel(CancelReason reason)
    {
        Reason ??= reason;
        Cancel();
    }

    /// <summary>Whether an error is no more than the answer to a cancellation of the child.</summary>
    public bool WasCancelled(Exception error) => IsCancellationRequested && IsCancellation(error);

    /// <summary>A task to wait with for a child that has not begun.</summary>
    public virtual Task Promise() => (_promise ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    protected virtual Task Faulted(Exception error) => System.Threading.Tasks.Task.FromException(error);

    protected virtual Task Canceled() => System.Threading.Tasks.Task.FromCanceled(Token);

    protected virtual void KeepPromise(Task task) => _promise?.SetFromTask(task);

    private TaskCompletionSource? _promise;

    private static bool IsCancellation(Exception error) => error is OperationCanceledException
        || (error is AggregateException aggregate && aggregate.InnerExceptions.Count > 0 && aggregate.InnerExceptions.All(IsCancellation));

    private static Exception? ErrorOf(Task task)
    {
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

    private void OnCompleted()
    {
        group.OnCompleted(this, ErrorOf(Task!));
        KeepPromise(Task!);
    }
}
