namespace SignalStreams;

/// <summary>Counts how often the process was asked to end. Used under the router's gate.</summary>
/// <remarks>SIGINT, SIGTERM, SIGQUIT and CTRL_BREAK count, the same one within 100 ms once: a terminal and a wrapper that passes
/// signals on both deliver a Ctrl-C.</remarks>
internal sealed class AttemptCounter(TimeProvider time)
{
    public const int Unlimited = int.MaxValue;
    public const int DefaultMaximum = 3;

    public static readonly TimeSpan SameAttempt = TimeSpan.FromMilliseconds(100);

    private EventTable<Attempt> _last = new();

    public int Count { get; private set; }

    public int Maximum { get; set; } = DefaultMaximum;

    /// <returns>True when this attempt is one too many.</returns>
    public bool Add(ShutdownSignal @event, long timestamp)
    {
        if (!Counts(@event))
        {
            return false;
        }

        var last = _last.Find(@event);
        if (last is null)
        {
            _last.Set(@event, new Attempt { Timestamp = timestamp });
        }
        else if (time.GetElapsedTime(last.Timestamp, timestamp) < SameAttempt)
        {
            return false;
        }
        else
        {
            last.Timestamp = timestamp;
        }

        Count++;
        return Maximum != Unlimited && Count >= Maximum;
    }

    /// <summary>Starts from zero: nobody who escalates is left.</summary>
    public void Reset()
    {
        Count = 0;
        _last = new();
    }

#pragma warning disable CA1416 // The events that SIGQUIT and SIGTERM stand for arrive on Windows only; asking whether a signal is one does no harm elsewhere.
    private static bool Counts(ShutdownSignal @event) =>
        @event is ShutdownSignal.SIGINT or ShutdownSignal.SIGTERM or ShutdownSignal.SIGQUIT or ShutdownSignal.SIGBREAK or ShutdownSignal.CTRL_SHUTDOWN_EVENT;
#pragma warning restore CA1416

    private sealed class Attempt
    {
        public long Timestamp { get; set; }
    }
}
