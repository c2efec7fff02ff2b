using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <inheritdoc cref="LibraryAwaiter"/>
internal readonly struct LibraryAwaiter<T>(Task<T> task) : ICriticalNotifyCompletion
{
    public bool IsCompleted => task.IsCompleted;

    public LibraryAwaiter<T> GetAwaiter() => this;

    public T GetResult() => task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => LibraryTasks.Continue(task, continuation);

    public void UnsafeOnCompleted(Action continuation) => LibraryTasks.Continue(task, continuation);
}
