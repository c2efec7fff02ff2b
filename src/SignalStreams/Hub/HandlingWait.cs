namespace SignalStreams;

/// <summary>Lets a thread wait until listeners are done with what they were given, or a limit has passed.</summary>
internal sealed class HandlingWait(TimeProvider time)
{
    private readonly object _gate = new();
    private int _waiting;

    /// <returns>False when the limit passed first.</returns>
    public bool Wait(SignalListener[] listeners, TimeSpan limit)
    {
        var start = time.GetTimestamp();
        using var timer = time.CreateTimer(_ => Progressed(), null, limit, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            // A full fence, against that of Progressed: either this sees the progress, or that sees who waits for it.
            Interlocked.Increment(ref _waiting);
            try
            {
                while (!Array.TrueForAll(listeners, listener => listener.LetsSystemGo))
                {
                    var left = limit - time.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero)
                    {
                        return false;
                    }

                    // The time limit of the wait itself is for the system's clock, whose timers need a thread of the pool; the timer is for any other clock.
                    Monitor.Wait(_gate, left);
                }

                return true;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    /// <summary>A listener may be done.</summary>
    public void Progressed()
    {
        Interlocked.MemoryBarrier();
        if (_waiting > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }
}
