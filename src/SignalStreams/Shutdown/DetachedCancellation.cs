namespace SignalStreams;

/// <summary>The cancellation of a source whose callbacks may never return, where no thread of their own has begun in time.</summary>
internal static class DetachedCancellation
{
    /// <summary>Cancels it before this returns, and has the callbacks called on the pool; what they throw is reported.</summary>
    public static void Start(CancellationTokenSource source, string name) => source.CancelAsync().ContinueWith(
        cancellation => SignalStreamsEventSource.Log.ConsumerFailed(name, cancellation.Exception!.ToString()),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
