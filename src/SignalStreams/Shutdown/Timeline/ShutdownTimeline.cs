namespace SignalStreams;

/// <summary>What happened between the request to end and the end, and what held it up.</summary>
/// <remarks>An immutable copy. <see cref="ToString"/> is a table in plain text, <see cref="ToMermaid"/> a chart.</remarks>
/// <param name="Reason">Who asked: "SIGTERM from pid 1 (systemd), uid 0".</param>
/// <param name="State">How far the end is.</param>
/// <param name="Elapsed">The time since the request.</param>
/// <param name="Entries">What happened, in the order in which it began.</param>
public sealed record ShutdownTimeline(string Reason, ShutdownState State, TimeSpan Elapsed, IReadOnlyList<ShutdownTimelineEntry> Entries)
{
    /// <summary>Who held up the end: what was given up, and what has never ended.</summary>
    public IEnumerable<ShutdownTimelineEntry> Culprits => Entries.Where(entry => entry.IsCulprit);

    /// <summary>The sentence that names the culprits and their times; null when there are none.</summary>
    public string? Verdict => Culprits.Any()
        ? $"The shutdown was held up: {string.Join("; ", Culprits.Take(MaxNamed))}{(Culprits.Skip(MaxNamed).Any() ? "; ..." : "")}."
        : null;

    /// <summary>The verdict, and the entries as a table in plain text.</summary>
    /// <remarks>Of more than a hundred entries those that ended by themselves in no time are counted, not listed.</remarks>
    public override string ToString() => TimelineTable.Of(this);

    /// <summary>The entries as a Mermaid gantt chart, which GitHub and many editors draw.</summary>
    public string ToMermaid() => TimelineGantt.Of(this);

    private const int MaxNamed = 10;
}
