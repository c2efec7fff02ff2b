using System.Globalization;
using System.Text;

namespace SignalStreams;

/// <summary>A timeline as a Mermaid gantt chart; see its syntax, https://mermaid.js.org/syntax/gantt.html.</summary>
internal static class TimelineGantt
{
    public static string Of(ShutdownTimeline timeline)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"gantt\n    title Shutdown by {Plain(timeline.Reason)}\n    dateFormat x\n    axisFormat %M:%S.%L\n");
        foreach (var section in timeline.Entries.GroupBy(entry => entry.Kind).OrderBy(section => section.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"    section {ShutdownTimelineEntry.Word(section.Key)}\n");
            foreach (var entry in section)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Label(entry)} :{Status(entry)}{Milliseconds(entry.Start)}, {Milliseconds(End(entry))}\n");
            }
        }

        return text.ToString();
    }

    private static string Label(ShutdownTimelineEntry entry) => entry.Outcome is TimelineOutcome.Done || entry.Kind == TimelineEntryKind.Request
        ? Plain(entry.Name)
        : $"{Plain(entry.Name)} ({ShutdownTimelineEntry.Word(entry.Outcome)})";

    private static string Status(ShutdownTimelineEntry entry) => entry.Kind == TimelineEntryKind.Request ? "milestone, "
        : entry.IsCulprit ? "crit, "
        : entry.Outcome == TimelineOutcome.Running ? "active, "
        : "done, ";

    // A block holds the end from the request on, however long ago it was entered; and no moment of the chart is before it.
    private static long Milliseconds(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);

    private static TimeSpan End(ShutdownTimelineEntry entry) => (entry.Start < TimeSpan.Zero ? TimeSpan.Zero : entry.Start) + entry.Duration;

    // What the chart's own syntax is made of.
    private static string Plain(string name) => string.Concat(name.Select(c => c is ':' or ';' or '#' or ',' or '%' || char.IsControl(c) ? ' ' : c));
}
