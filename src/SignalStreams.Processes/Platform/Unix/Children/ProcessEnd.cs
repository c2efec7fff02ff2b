namespace SignalStreams;

/// <summary>Completes when a process that is not ours has ended.</summary>
internal sealed class ProcessEnd : IWatchedDescriptor
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _ended.Task;

    // Called again until whoever waits has ended the watch.
    public bool OnReadable()
    {
        _ended.TrySetResult();
        return false;
    }
}
