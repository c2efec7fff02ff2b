using System.Globalization;

namespace SignalStreams;

/// <summary>Asks systemd for more time again and again, while there is work: EXTEND_TIMEOUT_USEC of sd_notify(3).</summary>
/// <remarks>It never makes a time shorter: systemd gives up when the time of the unit has passed as well as what was asked for last. So a process that hangs is not waited for.</remarks>
internal sealed class TimeoutExtension : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SystemdNotifier _notifier;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;

    /// <summary>Begins to ask.</summary>
    /// <param name="notifier">Where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long the host itself would wait; nothing is asked for beyond.</param>
    public TimeoutExtension(SystemdNotifier notifier, TimeProvider time, TimeSpan limit)
    {
        _notifier = notifier;
        _time = time;
        _limit = limit;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((TimeoutExtension)self!).Ask(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Ask();
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Asks once.</summary>
    public static void Ask(SystemdNotifier notifier, TimeSpan time) =>
        notifier.Send(string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={time.Ticks / TimeSpan.TicksPerMicrosecond}"));

    private void Ask()
    {
        var left = _limit - _time.GetElapsedTime(_start);
        if (left > TimeSpan.Zero)
        {
            Ask(_notifier, left < Step ? left : Step);
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }
}
