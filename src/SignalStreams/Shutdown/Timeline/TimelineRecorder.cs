namespace SignalStreams;

/// <summary>Writes down what happens during a shutdown. Used under the manager's gate.</summary>
internal sealed class TimelineRecorder(TimeProvider time)
{
    private readonly List<Entry> _entries = [];
    private long _start;

    public string Reason { get; private set; } = "";

    public bool HasCulprit => _entries.Exists(entry => entry.Outcome == TimelineOutcome.GivenUp);

    /// <summary>Whether something was given up, or has not ended.</summary>
    public bool MayHaveCulprit => _entries.Exists(entry => entry is { Outcome: TimelineOutcome.GivenUp } or { Outcome: TimelineOutcome.Running, Kind: not TimelineEntryKind.Phase });

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void Begin(string reason, long timestamp)
    {
        Reason = reason;
        _start = timestamp;
    }

    /// <summary>Forgets what ended while nobody had asked for the end.</summary>
    public void Remove(Entry entry) => _entries.Remove(entry);

    public Entry Add(TimelineEntryKind kind, string name, TimeSpan? limit = null) => Add(kind, name, time.GetTimestamp(), limit);

    public Entry Add(TimelineEntryKind kind, string name, long start, TimeSpan? limit = null)
    {
        var entry = new Entry(kind, name, start, limit);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Writes down what was not, while it was nothing to be waited for.</summary>
    public void Close(Entry entry, TimelineOutcome outcome)
    {
        _entries.Add(entry);
        End(entry, outcome);
    }

    public void End(Entry entry, TimelineOutcome outcome, Exception? error = null)
    {
        entry.Outcome = outcome;
        entry.Error = error;
        entry.EndedAt = time.GetTimestamp();
    }

    /// <param name="state">How far the end is.</param>
    /// <param name="active">Who holds the end, and is not written down until it lets go.</param>
    public ShutdownTimeline Snapshot(ShutdownState state, IEnumerable<Entry> active)
    {
        List<Entry> entries = [.. _entries];
        entries.AddRange(active);
        if (!IsInOrder(entries))
        {
            entries = [.. entries.OrderBy(entry => entry.StartedAt)];
        }

        return new ShutdownTimeline(Reason, state, Elapsed, [.. entries.ConvertAll(Copy)]);
    }

    /// <summary>Writes down the end of a task that has ended: when it tells, or when somebody looks, whichever comes first.</summary>
    public void Settle(Entry entry)
    {
        if (entry is { Outcome: TimelineOutcome.Running, Task: { IsCompleted: true } task })
        {
            End(entry, task.IsCompletedSuccessfully ? TimelineOutcome.Done : task.IsCanceled ? TimelineOutcome.Cancelled : TimelineOutcome.Failed, task.Exception?.InnerException);
        }
    }

    // As they are nearly always; the sort would be compiled while the process ends.
    private static bool IsInOrder(List<Entry> entries)
    {
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].StartedAt < entries[i - 1].StartedAt)
            {
                return false;
            }
        }

        return true;
    }

    private ShutdownTimelineEntry Copy(Entry entry)
    {
        Settle(entry);
        var start = Since(_start, entry.StartedAt);
        var end = Since(_start, entry.Outcome == TimelineOutcome.Running ? time.GetTimestamp() : entry.EndedAt);
        return new ShutdownTimelineEntry(entry.Kind, entry.Name, start, end - (start < TimeSpan.Zero ? TimeSpan.Zero : start), entry.Outcome, entry.Limit, entry.Error);
    }

    private TimeSpan Since(long start, long end) => end >= start ? time.GetElapsedTime(start, end) : -time.GetElapsedTime(end, start);

    /// <summary>An entry that may not have ended yet.</summary>
    internal sealed class Entry(TimelineEntryKind kind, string name, long startedAt, TimeSpan? limit)
    {
        public TimelineEntryKind Kind { get; } = kind;

        public string Name { get; } = name;

        public long StartedAt { get; } = startedAt;

        public TimeSpan? Limit { get; } = limit;

        public long EndedAt { get; set; }

        public TimelineOutcome Outcome { get; set; }

        public Exception? Error { get; set; }

        public Task? Task { get; set; }
    }
}
