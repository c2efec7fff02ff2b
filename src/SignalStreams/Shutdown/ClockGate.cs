namespace SignalStreams;

/// <summary>A lock on which threads wait for a change or for a deadline on any clock. A starved thread pool delays nobody.</summary>
internal sealed class ClockGate(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // The clock of a test does not say when it moves. (A timer would: from whatever lock that clock holds, into this one.)
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Under the gate: waits for a change, until a deadline, or for no reason at all. The caller looks, and waits again.</summary>
    public void Wait(Deadline until)
    {
        var left = until.Remaining(time);
        if (left == TimeSpan.Zero)
        {
            return;
        }

        // In whole milliseconds upwards: a wait of none would spin through the last one.
        var wait = left == Timeout.InfiniteTimeSpan || left > Longest ? Longest : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        Monitor.Wait(this, ReferenceEquals(time, TimeProvider.System) || wait < Look ? wait : Look);
    }

    /// <summary>Under the gate or not: wakes all who wait.</summary>
    public void Changed()
    {
#pragma warning disable CA2002 // It is a lock: who has it has nothing but that.
        lock (this)
#pragma warning restore CA2002
        {
            Monitor.PulseAll(this);
        }
    }
}
