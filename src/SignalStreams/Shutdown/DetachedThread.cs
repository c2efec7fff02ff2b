namespace SignalStreams;

/// <summary>A thread for code that may never return.</summary>
internal static class DetachedThread
{
    /// <summary>Runs code that contains its own errors, on a thread of its own that does not keep the process alive; where there is none to be had, on one of the pool.</summary>
    public static void Start(string name, Action run)
    {
        try
        {
            // UnsafeStart: the code brings the context that it wants, or wants none.
            new Thread(() => run()) { IsBackground = true, Name = $"SignalStreams {name}" }.UnsafeStart();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // Never here: who starts it watches the clock.
            ThreadPool.UnsafeQueueUserWorkItem(static run => run(), run, preferLocal: false);
        }
    }

    /// <summary>Runs such code, and waits for it for a while.</summary>
    public static void Run(string name, TimeSpan limit, Action run)
    {
        var gate = new object();
        var isDone = false;
        Start(name, () =>
        {
            run();
            lock (gate)
            {
                isDone = true;
                Monitor.Pulse(gate);
            }
        });
        Wait(gate, limit, () => isDone);
    }

    /// <summary>Waits for a condition, of whose change the gate is pulsed, for as long as a real clock allows.</summary>
    public static void Wait(object gate, TimeSpan limit, Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        lock (gate)
        {
            while (!condition() && limit - TimeProvider.System.GetElapsedTime(start) is { Ticks: > 0 } left)
            {
                Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            }
        }
    }
}
