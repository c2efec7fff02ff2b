namespace SignalStreams;

/// <summary>One run: a child from its start until nothing of it is needed any more.</summary>
internal sealed class ProcessRun(IStartedChild child, long startedAt) : IAsyncDisposable
{
    private static readonly TimeSpan AbandonedWithin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<LinePump> _pumps = [];
    private readonly List<Task> _pumping = [];
    private Task? _disposal;

    public IStartedChild Child { get; } = child;

    /// <summary>A timestamp of the clock.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Whether the caller has a stream of it, and may still be reading.</summary>
    public bool IsReadRaw { get; set; }

    public void Add(LinePump pump, Task pumping)
    {
        lock (_gate)
        {
            _pumps.Add(pump);
            _pumping.Add(pumping);
        }
    }

    /// <summary>Gives its handles back once all is read, and once nothing lives on that is to live on.</summary>
    /// <param name="keepsLeftovers">Whether its descendants may live on: disposing the child kills them.</param>
    /// <param name="endOfReading">When the caller has had time enough to read what is left in a stream; null when another run does not follow.</param>
    public async Task RetireAsync(bool keepsLeftovers, Task endOfReading)
    {
        Task[] pumping;
        lock (_gate)
        {
            pumping = [.. _pumping];
        }

        await Task.WhenAll(pumping).OnLibrary();
        if (IsReadRaw)
        {
            await endOfReading.OnLibrary();
        }

        if (keepsLeftovers)
        {
            await Child.Gone.OnLibrary();
        }

        await DisposeAsync().AsTask().ResultOnLibrary();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposal ??= LibraryScheduler.Run(DisposeCoreAsync));
        }
    }

    private async Task DisposeCoreAsync()
    {
        LinePump[] pumps;
        Task[] pumping;
        lock (_gate)
        {
            pumps = [.. _pumps];
            pumping = [.. _pumping];
        }

        foreach (var pump in pumps)
        {
            pump.Abandon();
        }

        // The pumps first: a read that begins while the runtime closes its pipe may never end. A pump whose stream cannot be cancelled ends by the closing.
        var pumped = Task.WhenAll(pumping);
        await pumped.WaitAsync(AbandonedWithin, LibraryTime.Shared).OnLibrary();
        await Child.DisposeAsync().AsTask().ResultOnLibrary();
        await pumped.WaitAsync(AbandonedWithin, LibraryTime.Shared).OnLibrary();
        foreach (var pump in pumps)
        {
            pump.Dispose();
        }
    }
}
