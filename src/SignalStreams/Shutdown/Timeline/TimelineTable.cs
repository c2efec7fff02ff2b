using System.Globalization;
using System.Text;

namespace SignalStreams;

/// <summary>A timeline as a table in plain text.</summary>
internal static class TimelineTable
{
    private const int Most = 100;
    private const int WidestName = 48;

    public static string Of(ShutdownTimeline timeline)
    {
        var shown = timeline.Entries;
        var hidden = Array.Empty<ShutdownTimelineEntry>();
        if (shown.Count > Most)
        {
            // The slowest, and all that did not go as it should have.
            var kept = shown.Where(IsNotable).Concat(shown.Where(entry => !IsNotable(entry)).OrderByDescending(entry => entry.Duration)).Take(Most).ToHashSet(ReferenceEqualityComparer.Instance);
            hidden = [.. shown.Where(entry => !kept.Contains(entry))];
            shown = [.. shown.Where(kept.Contains)];
        }

        var text = new StringBuilder();
        if (timeline.Verdict is { } verdict)
        {
            text.Append(verdict).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"Shutdown by {timeline.Reason}: {Word(timeline.State)} after {ShutdownTimelineEntry.Seconds(timeline.Elapsed)}\n");
        string[][] rows = [["at", "took", "what", "name", "outcome"], .. shown.Select(Row)];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            var line = $"  {row[0].PadLeft(widths[0])}  {row[1].PadLeft(widths[1])}  {row[2].PadRight(widths[2])}  {row[3].PadRight(widths[3])}  {row[4]}";
            text.Append(line.TrimEnd()).Append('\n');
        }

        if (hidden.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  and {hidden.Length} more, of {ShutdownTimelineEntry.Seconds(hidden.Max(entry => entry.Duration))} at most each\n");
        }

        return text.ToString();
    }

    private static bool IsNotable(ShutdownTimelineEntry entry) => entry.Outcome != TimelineOutcome.Done || entry.Kind is TimelineEntryKind.Request or TimelineEntryKind.Token;

    private static string[] Row(ShutdownTimelineEntry entry) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{entry.Start.TotalSeconds:0.000}"),
        entry.Kind == TimelineEntryKind.Request || entry.Outcome == TimelineOutcome.Skipped ? "" : string.Create(CultureInfo.InvariantCulture, $"{entry.Duration.TotalSeconds:0.000}"),
        ShutdownTimelineEntry.Word(entry.Kind),
        entry.Name.Length <= WidestName ? entry.Name : $"{entry.Name[..WidestName]}...",
        Outcome(entry),
    ];

    private static string Outcome(ShutdownTimelineEntry entry)
    {
        var word = entry.Kind == TimelineEntryKind.Request ? "" : ShutdownTimelineEntry.Word(entry.Outcome);
        var limit = entry.IsCulprit && entry.Limit is { } known ? $", limit {ShutdownTimelineEntry.Seconds(known)}" : "";
        var error = entry.Error is { } thrown ? $": {thrown.GetType().Name}: {MessageOf(thrown)}" : "";
        return word + limit + error;
    }

    // An exception of the user's, which may throw where it is asked.
    private static string MessageOf(Exception thrown)
    {
        try
        {
            return thrown.Message.ReplaceLineEndings(" ");
        }
#pragma warning disable CA1031 // A table without a message is better than none.
        catch (Exception)
#pragma warning restore CA1031
        {
            return "(no message)";
        }
    }

    private static string Word(ShutdownState state) => state switch
    {
        ShutdownState.Running => "not begun",
        ShutdownState.Requested => "waiting for protected blocks",
        ShutdownState.Stopping => "waiting for the main function",
        ShutdownState.CleaningUp => "cleaning up",
        _ => "over",
    };
}
