namespace SignalStreams;

/// <summary>How to wait for a task without the thread pool.</summary>
internal static class LibraryTasks
{
    private const TaskContinuationOptions Options = TaskContinuationOptions.DenyChildAttach | TaskContinuationOptions.HideScheduler;

    /// <summary>Waits until a task has ended, however it ended, and goes on on a thread of the library. An exception counts as seen.</summary>
    public static LibraryAwaiter OnLibrary(this Task task) => new(task, throws: false);

    /// <summary>Waits for a task as <c>await</c> does, and goes on on a thread of the library.</summary>
    public static LibraryAwaiter ResultOnLibrary(this Task task) => new(task, throws: true);

    /// <inheritdoc cref="ResultOnLibrary(Task)"/>
    public static LibraryAwaiter<T> ResultOnLibrary<T>(this Task<T> task) => new(task);

    /// <summary>Runs what follows an <c>await</c>, also where the task has ended meanwhile.</summary>
    internal static void Continue(Task task, Action continuation) =>
        task.ContinueWith(static (_, continuation) => ((Action)continuation!)(), continuation, CancellationToken.None, Options, LibraryScheduler.Shared);

    /// <summary>Begins work on a thread of the library when a task has ended, however it ended. Until then it costs no thread.</summary>
    public static Task OnLibrary(this Task task, Func<Task> work) =>
        task.ContinueWith(static (_, work) => ((Func<Task>)work!)(), work, CancellationToken.None, Options, LibraryScheduler.Shared).Unwrap();

    /// <summary>Completes when a task has ended, however it ended, within the call that ends it.</summary>
    /// <remarks>For WhenAny, WhenAll and WaitAsync alone: where a task's source runs its continuations asynchronously, they go through the pool. Whatever
    /// follows them comes with <c>OnLibrary</c>, so no code runs in that call.</remarks>
    public static Task Ended(this Task task) => task.IsCompleted
        ? Task.CompletedTask
        : task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.DenyChildAttach, InPlaceScheduler.Shared);
}
