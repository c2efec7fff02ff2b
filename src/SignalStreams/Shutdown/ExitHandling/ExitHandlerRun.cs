namespace SignalStreams;

/// <summary>One exit handler that was begun.</summary>
#pragma warning disable CA1001 // The handler may use its token for as long as it likes; the source has no timer and no wait handle.
internal sealed class ExitHandlerRun(TimelineRecorder.Entry entry, Deadline deadline, Deadline cancelAt, int exitCode)
{
    private readonly CancellationTokenSource _source = new();

    public TimelineRecorder.Entry Entry { get; } = entry;

    public Deadline Deadline { get; } = deadline;

    public Deadline CancelAt { get; } = cancelAt;

    public bool IsCancelled { get; private set; }

    /// <summary>The exit code of the process when it began.</summary>
    public int ExitCode { get; } = exitCode;

    public CancellationToken Token => _source.Token;

    /// <summary>Cancels the token, on a thread that its callbacks may keep.</summary>
    public void Cancel()
    {
        IsCancelled = true;
        DetachedThread.Start("token", () =>
        {
            try
            {
                _source.Cancel();
            }
            catch (AggregateException e)
            {
                SignalStreamsEventSource.Log.ConsumerFailed(nameof(ExitHandlers), e.ToString());
            }
        });
    }
}
