namespace SignalStreams;

/// <summary>Waits for the end of a process that is not ours.</summary>
internal sealed class ProcessEnd : IWatchedDescriptor
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _descriptor;
    private long _watch;

    private ProcessEnd(int descriptor) => _descriptor = descriptor;

    /// <summary>Completes at its end; where the system cannot tell, after a while.</summary>
    public static Task WaitForAnyAsync(ProcessIdentity process, TimeSpan elseAfter)
    {
        var descriptor = ChildDescriptor.Open(process.Id);
        if (descriptor < 0)
        {
            return Task.Delay(elseAfter, TimeProvider.System);
        }

        if (ProcessTable.Read(process.Id)?.StartTime != process.StartTime)
        {
            _ = ChildCalls.Close(descriptor);
            return Task.CompletedTask;
        }

        var end = new ProcessEnd(descriptor);
        Volatile.Write(ref end._watch, DescriptorWatcher.Current.Begin(descriptor, end));
        return end._ended.Task;
    }

    void IWatchedDescriptor.OnReadable()
    {
        // Called again until whoever began the watch has stored which it is.
        var watch = Volatile.Read(ref _watch);
        if (watch != 0)
        {
            DescriptorWatcher.Current.End(watch);
            _ = ChildCalls.Close(Interlocked.Exchange(ref _descriptor, -1));
            _ended.TrySetResult();
        }
    }
}
