namespace SignalStreams;

/// <summary>How to wait for a task without the thread pool.</summary>
internal static class LibraryTasks
{
    private const TaskContinuationOptions Options = TaskContinuationOptions.DenyChildAttach | TaskContinuationOptions.HideScheduler;

    /// <summary>Completes when a task has ended, however it ended. What awaits it with ConfigureAwait(false) goes on on a thread of the library.</summary>
    /// <remarks>An exception counts as seen; whoever wants it awaits the task itself then.</remarks>
    public static Task OnLibrary(this Task task)
    {
        if (task.IsCompleted)
        {
            _ = task.Exception;
            return Task.CompletedTask;
        }

        return task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, Options, LibraryScheduler.Shared);
    }

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
