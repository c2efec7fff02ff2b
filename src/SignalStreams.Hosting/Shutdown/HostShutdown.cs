using System.Globalization;

namespace SignalStreams;

/// <summary>The stop of this host, for whoever has to know: how far it is, who asked, and what holds it up. Injectable.</summary>
/// <remarks>All members are thread-safe. Each host has its own.</remarks>
#pragma warning disable CA1001 // The program may use the tokens for as long as it lives; the sources have no timer and no wait handle.
public sealed class HostShutdown
#pragma warning restore CA1001
{
    // It takes microseconds, where callbacks do not block and a thread can be had.
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _terminating = new();
    private readonly TimelineRecorder _timeline;
    private readonly Dictionary<string, TimelineRecorder.Entry> _givenUp = [];
    private HostShutdownPhase _phase;
    private CancelReason? _reason;

    /// <summary>The container makes it.</summary>
    internal HostShutdown(SignalHub hub)
    {
        Time = hub.Router.Time;
        _timeline = new TimelineRecorder(Time);
    }

    /// <summary>How far the stop is.</summary>
    public HostShutdownPhase Phase
    {
        get
        {
            lock (_gate)
            {
                return _phase;
            }
        }
    }

    /// <summary>Who asked: a <see cref="SignalCancelReason"/> for a signal; null while nobody has.</summary>
    public CancelReason? Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Cancelled at the request, before anything is stopped: stop taking new work, look unready.</summary>
    /// <remarks>Earlier than <c>IHostApplicationLifetime.ApplicationStopping</c>: after a signal by the drain delay; where the program itself calls <c>StopApplication</c> or
    /// <c>IHost.StopAsync</c>, by no delay, but before any callback at ApplicationStopping. Where a <c>BackgroundService</c> that fails stops the host, callbacks that were registered after the
    /// host has started come before it. A callback that takes longer than 1 s is no longer waited for.</remarks>
    public CancellationToken DrainingToken => _draining.Token;

    /// <summary>Cancelled when a second signal asks for haste: end drain delays and grace periods.</summary>
    public CancellationToken TerminatingToken => _terminating.Token;

    /// <summary>What has happened since the request, and what holds up the end.</summary>
    public ShutdownTimeline Timeline
    {
        get
        {
            lock (_gate)
            {
                return _timeline.Snapshot(_phase switch
                {
                    HostShutdownPhase.Running => ShutdownState.Running,
                    HostShutdownPhase.Draining => ShutdownState.Requested,
                    HostShutdownPhase.Stopping => ShutdownState.Stopping,
                    _ => ShutdownState.Ended,
                }, []);
            }
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>The reason, as it was at the request: whoever sent a signal may have ended since. Empty while nobody has asked.</summary>
    internal string ReasonText { get; private set; } = "";

    /// <summary>Called at the request, before anybody else hears of it.</summary>
    internal Action<CancelReason>? Beginning { get; set; }

    /// <summary>Somebody has asked: from here on the host is unready.</summary>
    /// <returns>Whether it was the first request.</returns>
    internal bool Begin(CancelReason reason, long timestamp)
    {
        var text = reason.ToString();
        lock (_gate)
        {
            if (_phase != HostShutdownPhase.Running)
            {
                return false;
            }

            _phase = HostShutdownPhase.Draining;
            _reason = reason;
            ReasonText = text;
            _timeline.Begin(text, timestamp);
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, text, timestamp), TimelineOutcome.Done);
        }

        Beginning?.Invoke(reason);
        Cancel(_draining, nameof(DrainingToken));
        return true;
    }

    /// <summary>The program itself stops the host.</summary>
    internal void BeginWithoutDrain()
    {
        if (!Begin(SignalHostLifetime.ByProgram, Time.GetTimestamp()))
        {
            // Another thread is about to.
            SpinWait.SpinUntil(() => _draining.IsCancellationRequested, CancelTime);
        }

        Advance(HostShutdownPhase.Stopping);
    }

    /// <summary>Goes on to a later phase; never back.</summary>
    internal void Advance(HostShutdownPhase phase)
    {
        lock (_gate)
        {
            _phase = phase > _phase ? phase : _phase;
        }
    }

    /// <summary>Somebody has asked once more.</summary>
    internal void Hurry(CancelReason reason, long timestamp)
    {
        var text = reason.ToString();
        lock (_gate)
        {
            _timeline.End(_timeline.Add(TimelineEntryKind.Request, text, timestamp), TimelineOutcome.Done);
        }

        Cancel(_terminating, nameof(TerminatingToken));
    }

    /// <summary>Writes work into the timeline that has begun now; it ends when the task does.</summary>
    internal TimelineRecorder.Entry Track(TimelineEntryKind kind, string name, Task task, TimeSpan? limit = null)
    {
        TimelineRecorder.Entry entry;
        lock (_gate)
        {
            entry = _timeline.Add(kind, name, limit);
            entry.Task = task;
        }

        task.ContinueWith(_ => Settle(entry), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return entry;
    }

    /// <summary>Nobody waits any longer for work that has not ended.</summary>
    internal void GiveUp(TimelineRecorder.Entry entry)
    {
        lock (_gate)
        {
            _timeline.Settle(entry);
            if (entry.Outcome == TimelineOutcome.Running)
            {
                _timeline.End(entry, TimelineOutcome.GivenUp);
            }
        }
    }

    /// <summary>Writes down how many of a kind nobody waits for any longer, in place of what was written of them before.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="name">What they have in common.</param>
    /// <param name="count">How many there are of them by now.</param>
    /// <param name="start">Since when they were waited for.</param>
    internal void SetGivenUp(TimelineEntryKind kind, string name, int count, long start)
    {
        lock (_gate)
        {
            if (_givenUp.Remove(name, out var before))
            {
                _timeline.Remove(before);
            }

            var entry = _timeline.Add(kind, count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({count} times)"), start);
            _timeline.End(entry, TimelineOutcome.GivenUp);
            _givenUp.Add(name, entry);
        }
    }

    private void Settle(TimelineRecorder.Entry entry)
    {
        lock (_gate)
        {
            _timeline.Settle(entry);
        }
    }

    // On a thread that callbacks may keep, and what they throw is reported: the stop goes on.
    private static void Cancel(CancellationTokenSource source, string name)
    {
        DetachedThread.Run("token", CancelTime, () =>
        {
            try
            {
                source.Cancel();
            }
            catch (AggregateException e)
            {
                SignalStreamsEventSource.Log.ConsumerFailed(name, e.ToString());
            }
        });
        if (!source.IsCancellationRequested)
        {
            // Whoever hears of the stop next has to find it cancelled.
            DetachedCancellation.Start(source, name);
        }
    }
}
