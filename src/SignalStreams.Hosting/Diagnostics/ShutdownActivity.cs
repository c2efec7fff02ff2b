using System.Diagnostics;

namespace SignalStreams;

/// <summary>The stop of a host as a span: for OpenTelemetry, by the source's name alone.</summary>
/// <remarks>It ends with the last service, before the host disposes of what exports it.</remarks>
internal sealed class ShutdownActivity
{
    public const string Name = "host.shutdown";

    private static readonly ActivitySource s_source = new("SignalStreams");

    private readonly Lock _gate = new();
    private Activity? _activity;

    public void Begin(CancelReason reason)
    {
        if (!s_source.HasListeners())
        {
            return;
        }

        Contain(() =>
        {
            // The root of a trace of its own: whatever this thread does has not caused it.
            var current = Activity.Current;
            Activity.Current = null;
            try
            {
                var activity = s_source.StartActivity(Name);
                if (activity is null)
                {
                    return;
                }

                activity.SetTag("signalstreams.reason", reason.ToString());
                if (reason is SignalCancelReason signal)
                {
                    activity.SetTag("signalstreams.signal", signal.Signal.GetName());
                    if (signal.Delivery.Origin.ProcessId is { } sender)
                    {
                        activity.SetTag("signalstreams.sender.pid", sender);
                    }
                }

                lock (_gate)
                {
                    _activity = activity;
                }
            }
            finally
            {
                Activity.Current = current;
            }
        });
    }

    /// <summary>How long after the request the phase began.</summary>
    public void Enter(HostShutdownPhase phase)
    {
        var tag = phase switch
        {
            HostShutdownPhase.Stopping => "signalstreams.draining.duration",
            HostShutdownPhase.Stopped => "signalstreams.duration",
            _ => null,
        };
        lock (_gate)
        {
            if (_activity is not null && tag is not null && _activity.GetTagItem(tag) is null)
            {
                _activity.SetTag(tag, (TimeProvider.System.GetUtcNow() - _activity.StartTimeUtc).TotalSeconds);
            }
        }
    }

    public void End(ShutdownTimeline timeline, string[] culprits)
    {
        Activity? activity;
        lock (_gate)
        {
            activity = _activity;
            _activity = null;
        }

        if (activity is null)
        {
            return;
        }

        Contain(() =>
        {
            foreach (var entry in timeline.Entries)
            {
                activity.AddEvent(EventOf(entry, activity.StartTimeUtc));
            }

            if (culprits.Length > 0)
            {
                activity.SetTag("signalstreams.culprits", culprits);
                activity.SetStatus(ActivityStatusCode.Error, $"The shutdown was held up: {string.Join(", ", culprits)}");
            }

            var current = Activity.Current;
            activity.Stop();
            Activity.Current = current;
        });
    }

    private static ActivityEvent EventOf(ShutdownTimelineEntry entry, DateTime start)
    {
        var tags = new ActivityTagsCollection
        {
            ["kind"] = ShutdownTimelineEntry.Word(entry.Kind),
            ["outcome"] = ShutdownTimelineEntry.Word(entry.Outcome),
            ["duration"] = entry.Duration.TotalSeconds,
        };
        if (entry.Limit is { } limit)
        {
            tags["limit"] = limit.TotalSeconds;
        }

        if (entry.Error is { } error)
        {
            tags["error.type"] = error.GetType().FullName;
        }

        return new ActivityEvent(entry.Name, new DateTimeOffset(start + entry.Start), tags);
    }

    // Listeners are anybody's code, and the stop goes on without them.
    private static void Contain(Action run)
    {
        try
        {
            run();
        }
#pragma warning disable CA1031 // Whatever they throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(Name, e.ToString());
        }
    }
}
