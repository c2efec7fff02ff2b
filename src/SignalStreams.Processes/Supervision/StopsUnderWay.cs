namespace SignalStreams;

/// <summary>The stops of a supervised process that have not ended.</summary>
internal sealed class StopsUnderWay
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _stops = [];

    public async Task<StopOutcome> RunAsync(Func<Task<StopOutcome>> stop)
    {
        var ended = new TaskCompletionSource();
        lock (_gate)
        {
            _stops.Add(ended.Task);
        }

        try
        {
            return await stop().ResultOnLibrary();
        }
        finally
        {
            lock (_gate)
            {
                _stops.Remove(ended.Task);
            }

            ended.SetResult();
        }
    }

    /// <summary>Completes when those have ended that are under way now.</summary>
    public Task WhenEnded()
    {
        lock (_gate)
        {
            return Task.WhenAll(_stops);
        }
    }
}
