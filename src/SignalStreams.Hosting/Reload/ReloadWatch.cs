using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Says in the log that a reload takes long, and what waits for it: it is the program's code that it calls, and that may never return.</summary>
internal sealed class ReloadWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _signal;
    private readonly Func<int> _waiting;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly ITimer _timer;
    private int _told = -1;

    /// <summary>A reload begins.</summary>
    /// <param name="signal">What it is for.</param>
    /// <param name="waiting">Says how many requests have come since then.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public ReloadWatch(string signal, Func<int> waiting, TimeProvider time, ILogger logger)
    {
        _signal = signal;
        _waiting = waiting;
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((ReloadWatch)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What is waited for just now, for people.</summary>
    public string Step { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = "a file";

    public void Dispose() => _timer.Dispose();

    // Once in any case, and then whenever somebody has asked since: who sends a signal that nothing follows looks into the log.
    private void OnTimer()
    {
        var waiting = _waiting();
        if (waiting > _told)
        {
            _told = waiting;
            _logger.ReloadTakesLong(_signal, ShutdownTimelineEntry.Seconds(_time.GetElapsedTime(_start)), Step, waiting);
        }

        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }
}
