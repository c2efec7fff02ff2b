using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>Awaits a task and goes on on a thread of the library, always.</summary>
/// <remarks>With ConfigureAwait(false) what follows goes to the pool whenever the task ends between the look whether it has and the registration for its end.</remarks>
internal readonly struct LibraryAwaiter(Task task, bool throws) : ICriticalNotifyCompletion
{
    public bool IsCompleted => task.IsCompleted;

    public LibraryAwaiter GetAwaiter() => this;

    public void GetResult()
    {
        if (throws)
        {
            task.GetAwaiter().GetResult();
        }
        else
        {
            _ = task.Exception;
        }
    }

    public void OnCompleted(Action continuation) => LibraryTasks.Continue(task, continuation);

    public void UnsafeOnCompleted(Action continuation) => LibraryTasks.Continue(task, continuation);
}
