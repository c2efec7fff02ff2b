namespace SignalStreams;

/// <summary>The runs whose handles have not been given back.</summary>
internal sealed class OpenRuns(bool keepsLeftovers)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ProcessRun> _runs = [];

    public void Add(ProcessRun run)
    {
        lock (_gate)
        {
            _runs.Add(run);
        }
    }

    /// <summary>Gives one's handles back once they are not needed any more.</summary>
    /// <param name="run">One that another has followed.</param>
    /// <param name="endOfReading">When the caller has had time enough to read what is left in a stream.</param>
    public async Task RetireAsync(ProcessRun run, Task endOfReading)
    {
        await run.RetireAsync(keepsLeftovers, endOfReading).OnLibrary();
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    /// <summary>Gives all handles back now.</summary>
    public async Task DisposeAllAsync()
    {
        ProcessRun[] runs;
        lock (_gate)
        {
            runs = [.. _runs];
        }

        foreach (var run in runs)
        {
            await run.DisposeAsync().AsTask().ResultOnLibrary();
        }
    }
}
