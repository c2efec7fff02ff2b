using System.Diagnostics;

/// <summary>The counters of mode "count". None of these interfaces shows a value that was sent with a signal, hence "na".</summary>
internal sealed class Counter
{
    private long _count;
    private long _last;

    /// <summary>For one consumer at a time.</summary>
    public void Add(long count = 1)
    {
        _count += count;
        _last = Stopwatch.GetTimestamp(); // CLOCK_MONOTONIC in ns, on Linux
    }

    /// <summary>For handlers that may run at the same time on several threads.</summary>
    public void AddConcurrently()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Exchange(ref _last, Stopwatch.GetTimestamp());
    }

    /// <summary>Writes the line, and starts from zero.</summary>
    public void PutSummary()
    {
        Output.Put($"count={Volatile.Read(ref _count)} misordered=na last_ns={Volatile.Read(ref _last)}\n");
        _count = _last = 0;
    }
}
