using System.Globalization;

namespace SignalStreams;

/// <summary>One thing that happened, or held up the end, during a shutdown.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Its name: that of a handler, a block, a child; the signal and its sender.</param>
/// <param name="Start">When it began, counted from the request; less than zero for a block that was entered before.</param>
/// <param name="Duration">How long it held the end: since the request, or since it began if that was later. Up to the moment of the timeline if it still runs.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Limit">How long it was allowed; null for no limit.</param>
/// <param name="Error">What it threw.</param>
public sealed record ShutdownTimelineEntry(
    TimelineEntryKind Kind, string Name, TimeSpan Start, TimeSpan Duration, TimelineOutcome Outcome, TimeSpan? Limit = null, Exception? Error = null)
{
    // The end waits for neither: what was cancelled this moment has had no time to end.
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether it is to blame for a late end: it was given up, or still holds the end; callbacks of a token and children if they have run on for 100 ms.</summary>
    public bool IsCulprit => Outcome == TimelineOutcome.GivenUp || (Outcome == TimelineOutcome.Running && Kind switch
    {
        TimelineEntryKind.Block or TimelineEntryKind.Main or TimelineEntryKind.Handler => true,
        TimelineEntryKind.Token or TimelineEntryKind.Child => Duration >= Noticeable,
        _ => false,
    });

    /// <summary>A line for a log: "handler 'flush' was given up after 5 s (limit 5 s)".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Word(Kind)} '{Name}' {Word(Outcome)}{(Outcome == TimelineOutcome.Skipped ? "" : $" after {Seconds(Duration)}")}{(Limit is { } limit ? $" (limit {Seconds(limit)})" : "")}");

    internal static string Word(TimelineEntryKind kind) => kind switch
    {
        TimelineEntryKind.Request => "request",
        TimelineEntryKind.Token => "token",
        TimelineEntryKind.Block => "block",
        TimelineEntryKind.Main => "main",
        TimelineEntryKind.Child => "child",
        TimelineEntryKind.Phase => "phase",
        _ => "handler",
    };

    internal static string Word(TimelineOutcome outcome) => outcome switch
    {
        TimelineOutcome.Running => "still runs",
        TimelineOutcome.Done => "ended",
        TimelineOutcome.Failed => "failed",
        TimelineOutcome.Cancelled => "was cancelled",
        TimelineOutcome.GivenUp => "was given up",
        _ => "was skipped",
    };

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
