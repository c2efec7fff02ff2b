// The events are named on every platform, so that a test can run the source on any.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>What every feed does with an event: says who sent it, gives it to those who listen, once, and holds the system until they are done.</summary>
/// <remarks>
/// <para>One request can come by two ways: the end of a session by the console and to a window, a close message to both windows. The first is
/// delivered, and the other held along with it. The same event by the same way is a request of its own.</para>
/// <para>No user code runs here, and under the gate nothing else does.</para>
/// </remarks>
internal sealed class EventArrivals(TimeProvider time, Func<ShutdownSignal, TimeSpan> budget)
{
    // What lies between the first way's look at who listens and its copy into their buffers: microseconds.
    private static readonly TimeSpan UntilRecorded = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly EventTable<ISignalSink> _sinks = new();
    private readonly EventTable<Request> _requests = new();

    /// <summary>Where an event goes from now on.</summary>
    public void Bind(ShutdownSignal @event, ISignalSink sink)
    {
        lock (_gate)
        {
            _sinks.Set(@event, sink);
        }
    }

    /// <summary>What the clock of arrivals showed some time ago.</summary>
    public long TimestampBefore(TimeSpan ago) => time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);

    /// <summary>Gives an event to those who listen, and wakes them elsewhere.</summary>
    /// <param name="event">The event.</param>
    /// <param name="path">The way by which it came.</param>
    /// <param name="sent">When it was sent, where the system tells: in a process that is slow, or has just begun, the second half of a request may wait for the first.</param>
    /// <returns>Whether anyone was listening; when not, the system's default is due.</returns>
    public bool Arrived(ShutdownSignal @event, EventPath path, long? sent = null)
    {
        var now = time.GetTimestamp();
        var request = new Request(path, sent ?? now);

        // Here, since it may ask the registry, and that is nothing for a gate.
        var together = MayComeTwice(@event, path) ? TogetherWithin(@event) : TimeSpan.Zero;
        ISignalSink? sink;
        Request first;
        lock (_gate)
        {
            sink = _sinks.Find(@event);
            first = sink is null ? request : FirstOf(@event, request, together);
        }

        if (sink is null)
        {
            return false;
        }

        if (first != request)
        {
            // Held before it is recorded, it would be let go at once.
            SpinWait.SpinUntil(() => first.IsRecorded, UntilRecorded);
            return first.IsHandled;
        }

        request.IsHandled = sink.Record(new SignalArrival(@event, now, OriginOf(@event, path), IsQueued: false), out var wake);
        request.IsRecorded = true;
        if (!request.IsHandled)
        {
            Forget(@event, request);
        }

        if (wake is not null)
        {
            sink.WakeLater(wake);
        }

        return request.IsHandled;
    }

    /// <summary>Blocks the thread with which the system waits for the process: until those who were given the event are done, or the time that the system gives is nearly over.</summary>
    public void Hold(ShutdownSignal @event)
    {
        var limit = budget(@event) - WindowsStopTimeout.HoldMargin is { Ticks: > 0 } known ? known : TimeSpan.Zero;
        if (!WaitUntilHandled(@event, limit))
        {
            SignalStreamsEventSource.Log.HoldEnded(@event.GetName(), limit.TotalSeconds);
        }
    }

    /// <returns>False when the limit passed first.</returns>
    public bool WaitUntilHandled(ShutdownSignal @event, TimeSpan limit)
    {
        ISignalSink? sink;
        lock (_gate)
        {
            sink = _sinks.Find(@event);
        }

        return sink?.WaitUntilHandled(@event, limit) ?? true;
    }

    /// <returns>The request that this one repeats by another way, or else itself.</returns>
    private Request FirstOf(ShutdownSignal @event, Request request, TimeSpan together)
    {
        if (!MayComeTwice(@event, request.Path))
        {
            return request;
        }

        if (_requests.Find(@event) is { } last && last.Path != request.Path && time.GetElapsedTime(last.Sent, request.Sent).Duration() < together)
        {
            return last;
        }

        _requests.Set(@event, request);
        return request;
    }

    // Whoever listens by the time that it comes again has not been given it.
    private void Forget(ShutdownSignal @event, Request request)
    {
        lock (_gate)
        {
            if (_requests.Find(@event) == request)
            {
                _requests.Remove(@event);
            }
        }
    }

    // Ctrl-C, Ctrl-Break and the closing of a console come by the console alone, and each one counts.
    private static bool MayComeTwice(ShutdownSignal @event, EventPath path) =>
        path != EventPath.Self && @event is ShutdownSignal.SIGTERM or ShutdownSignal.CTRL_LOGOFF_EVENT or ShutdownSignal.CTRL_SHUTDOWN_EVENT;

    // The end of a session is announced to one process after the other, and by the ways of one process at any distance within the time that it is given.
    private TimeSpan TogetherWithin(ShutdownSignal @event) => @event == ShutdownSignal.SIGTERM ? AttemptCounter.SameAttempt : budget(@event);

    private static SignalOrigin OriginOf(ShutdownSignal @event, EventPath path) => new()
    {
        Kind = path switch
        {
            EventPath.Self => SignalOriginKind.Self,
            EventPath.Console => SignalOriginKind.Console,
            EventPath.Service => SignalOriginKind.Service,
            _ => SignalOriginKind.Window,
        },

        // Who shares the console is worth a look where somebody pressed a key. A console that is being closed may have no time to answer.
        IsReal = path == EventPath.Console && @event is ShutdownSignal.SIGINT or ShutdownSignal.SIGBREAK,
    };

    private sealed class Request(EventPath path, long sent)
    {
        private volatile bool _isRecorded;

        public EventPath Path { get; } = path;

        public long Sent { get; } = sent;

        public bool IsHandled { get; set; }

        public bool IsRecorded
        {
            get => _isRecorded;
            set => _isRecorded = value;
        }
    }
}
