namespace SignalStreams;

/// <summary>A child of a task group that has a result.</summary>
internal sealed class ChildTask<T>(TaskGroup group, string name, Func<CancellationToken, Task<T>> start) : ChildTask(group, name, start)
{
    protected override object CreatePromise() => new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override Task TaskOf(object promise) => ((TaskCompletionSource<T>)promise).Task;

    protected override void KeepPromise(object promise) => ((TaskCompletionSource<T>)promise).SetFromTask((Task<T>)Task!);

    protected override Task CallElsewhere(Func<CancellationToken, Task> start) => System.Threading.Tasks.Task.Run(() => ((Func<CancellationToken, Task<T>>)start)(Token));

    protected override Task Faulted(Exception error) => System.Threading.Tasks.Task.FromException<T>(error);

    protected override Task Canceled() => System.Threading.Tasks.Task.FromCanceled<T>(Token);
}
