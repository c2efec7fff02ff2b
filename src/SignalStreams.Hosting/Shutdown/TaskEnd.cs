namespace SignalStreams;

/// <summary>What follows a task, without an async method: no compilation ahead has the generic parts of one, and a process that ends would wait for a dozen of them to be compiled.</summary>
internal static class TaskEnd
{
    /// <summary>Calls something and, at its end, something else.</summary>
    /// <param name="begin">What it throws is the failure of its task.</param>
    /// <param name="end">Is given the ended task, and says which one the caller gets instead.</param>
    /// <returns>A task that ends as the one that <paramref name="end"/> chose.</returns>
    public static Task Then(Func<Task> begin, Func<Task, Task> end)
    {
        Task task;
        try
        {
            task = begin();
        }
        catch (OperationCanceledException e)
        {
            var cancelled = new TaskCompletionSource();
            cancelled.SetCanceled(e.CancellationToken);
            task = cancelled.Task;
        }
#pragma warning disable CA1031 // It is the caller's, by the task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            task = Task.FromException(e);
        }

        return task.ContinueWith(end, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();
    }
}
