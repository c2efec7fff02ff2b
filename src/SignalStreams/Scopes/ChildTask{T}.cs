namespace SignalStreams;

/// <summary>A child of a task group that has a result.</summary>
internal sealed class ChildTask<T>(TaskGroup group, string name, Func<CancellationToken, Task<T>> start) : ChildTask(group, name, start)
{
    private TaskCompletionSource<T>? _promise;

    public override Task Promise() => (_promise ??= new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    protected override Task Elsewhere() => System.Threading.Tasks.Task.Run(() => start(Token));

    protected override Task Faulted(Exception error) => System.Threading.Tasks.Task.FromException<T>(error);

    protected override Task Canceled() => System.Threading.Tasks.Task.FromCanceled<T>(Token);

    protected override void KeepPromise(Task task) => _promise?.SetFromTask((Task<T>)task);
}
