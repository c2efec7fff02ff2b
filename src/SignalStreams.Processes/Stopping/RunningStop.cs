namespace SignalStreams;

/// <summary>A stop that runs, and those who wait for it.</summary>
// CA1001: its source has no timer and no wait handle, and is cancelled by whoever comes late.
#pragma warning disable CA1001
internal sealed class RunningStop(IStopScope scope, StopPlan plan, TimeProvider time)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<StopOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StopEngine Engine { get; } = new(scope, plan, time);

    /// <summary>How it came out; completes when nothing more is sent.</summary>
    public Task<StopOutcome> Completion => _completion.Task;

    /// <summary>How many wait for it; kept by <see cref="StopRegistry"/>, under its lock.</summary>
    public int Waiters { get; set; }

    /// <summary>Runs it on threads of the library.</summary>
    /// <param name="ended">Is called when it is over, before anybody hears of it.</param>
    public void Start(Action ended) => _ = LibraryScheduler.Run(() => RunAsync(ended));

    /// <summary>Ends it where it stands.</summary>
    public void Cancel() => _cancellation.Cancel();

    private async Task RunAsync(Action ended)
    {
        try
        {
            var outcome = await Engine.RunAsync(_cancellation.Token).ResultOnLibrary();
            End(ended);
            _completion.SetResult(outcome);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            End(ended);
            _completion.SetCanceled(_cancellation.Token);
        }
#pragma warning disable CA1031 // Goes to those who wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(ended);
            _completion.SetException(e);
        }
    }

    private void End(Action ended)
    {
        ended();
        scope.Dispose();
    }
}
