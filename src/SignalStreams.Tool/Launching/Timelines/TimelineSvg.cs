using System.Globalization;
using System.Xml.Linq;

namespace SignalStreams.Tool;

/// <summary>Draws how a launch was stopped: a bar for each task, a tick for each signal.</summary>
/// <remarks>SVG 1.1 with a style sheet that follows the reader's choice of light or dark, and sits still where scripts and fonts are not allowed.</remarks>
internal static class TimelineSvg
{
    private const int Width = 900;
    private const int Left = 200;
    private const int Right = 150;
    private const int RowHeight = 28;
    private const int Top = 64;

    private const string Sheet = """
        text { font: 13px system-ui, sans-serif; fill: #1f2328; }
        .title { font-weight: 600; font-size: 15px; }
        .small { font-size: 11px; fill: #57606a; }
        .page { fill: #ffffff; }
        .grid { stroke: #d0d7de; }
        .request { stroke: #8250df; stroke-dasharray: 4 3; }
        .waiting { fill: #d0d7de; }
        .ended { fill: #2da44e; }
        .killed { fill: #cf222e; }
        .alive { fill: #bc4c00; }
        .mark { stroke: #1f2328; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; }
          .small { fill: #9198a1; }
          .page { fill: #0d1117; }
          .grid { stroke: #30363d; }
          .request { stroke: #a371f7; }
          .waiting { fill: #3d444d; }
          .ended { fill: #3fb950; }
          .killed { fill: #f85149; }
          .alive { fill: #db6d28; }
          .mark { stroke: #e6edf3; }
        }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XDocument Draw(LaunchTimeline timeline)
    {
        var height = Top + (RowHeight * timeline.Tasks.Count) + 50;
        var whole = Math.Max(timeline.Elapsed.TotalSeconds, 0.001);
        double X(TimeSpan at) => Left + (Math.Clamp(at.TotalSeconds / whole, 0, 1) * (Width - Left - Right));
        var reason = timeline.Requests.Count > 0 ? timeline.Requests[0].Text : "";
        var drawing = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {height}"),
            new XAttribute("width", Width),
            new XAttribute("height", height),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", Plain($"How {timeline.LaunchName} was stopped")),
            new XElement(Svg + "style", Sheet),
            new XElement(Svg + "rect", new XAttribute("class", "page"), new XAttribute("width", Width), new XAttribute("height", height)),
            Label(16, 26, "title", $"{timeline.LaunchName}: stopped in {Seconds(timeline.Elapsed)}"),
            Label(16, 46, "small", Cut(reason, 130)));
        var bottom = Top + (RowHeight * timeline.Tasks.Count);
        foreach (var at in Ticks(timeline.Elapsed))
        {
            drawing.Add(Line("grid", X(at), Top - 8, X(at), bottom + 6), Label(X(at), bottom + 22, "small", Seconds(at), "middle"));
        }

        for (var row = 0; row < timeline.Tasks.Count; row++)
        {
            drawing.Add(Row(timeline.Tasks[row], Top + (row * RowHeight), timeline.Elapsed, X));
        }

        foreach (var request in timeline.Requests)
        {
            drawing.Add(Line("request", X(request.At), Top - 12, X(request.At), bottom + 6), Hint(request, X(request.At), bottom));
        }

        return new XDocument(drawing);
    }

    private static XElement Row(TimelineTask task, int y, TimeSpan elapsed, Func<TimeSpan, double> x)
    {
        var end = task.EndedAt ?? elapsed;
        var asked = task.AskedAt ?? (task.Fate == TaskFate.NotStarted ? elapsed : TimeSpan.Zero);
        var row = new XElement(Svg + "g", new XElement(Svg + "title", Plain($"{task.Name}: {Fate(task)}")), Label(Left - 10, y + 16, "name", Cut(task.Name, 26), "end"));
        if (task.Fate != TaskFate.NotStarted)
        {
            if (asked > TimeSpan.Zero)
            {
                row.Add(Bar("waiting", x(TimeSpan.Zero), y + 8, x(asked), 8));
            }

            row.Add(Bar(task.Fate switch { TaskFate.Killed => "killed", TaskFate.StillAlive => "alive", _ => "ended" }, x(asked), y + 3, x(end), 18));
            foreach (var mark in task.Marks)
            {
                row.Add(Line("mark", x(mark.At), y + 1, x(mark.At), y + 23));
            }
        }

        row.Add(Label(Width - Right + 10, y + 16, "small", Fate(task)));
        return row;
    }

    private static string Fate(TimelineTask task) => task.Fate switch
    {
        TaskFate.NotStarted => "not started",
        TaskFate.StillAlive => "still running",
        TaskFate.Killed => $"killed at {Seconds(task.EndedAt ?? TimeSpan.Zero)}",
        _ => $"{task.ExitStatus?.ToString() ?? "ended"} at {Seconds(task.EndedAt ?? TimeSpan.Zero)}",
    };

    private static XElement Hint(TimelineRequest request, double x, int bottom) => new(
        Svg + "circle", new XAttribute("class", "request"), Number("cx", x), Number("cy", bottom + 6), new XAttribute("r", 3), new XElement(Svg + "title", Plain(request.Text)));

    private static XElement Bar(string kind, double from, int y, double to, int height) => new(
        Svg + "rect", new XAttribute("class", kind), Number("x", from), Number("y", y), Number("width", Math.Max(2, to - from)), new XAttribute("height", height), new XAttribute("rx", 3));

    private static XElement Line(string kind, double x1, double y1, double x2, double y2) =>
        new(Svg + "line", new XAttribute("class", kind), Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2));

    private static XElement Label(double x, double y, string kind, string text, string anchor = "start") =>
        new(Svg + "text", Number("x", x), Number("y", y), new XAttribute("class", kind), new XAttribute("text-anchor", anchor), Plain(text));

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}\u2026";

    // What XML cannot carry and what turns the direction of writing goes.
    private static string Plain(string text) => SafeText.Line(text);

    // Four to eight of them, at round numbers.
    private static IEnumerable<TimeSpan> Ticks(TimeSpan elapsed)
    {
        var step = new[] { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600 }
            .FirstOrDefault(step => elapsed.TotalSeconds / step <= 8, elapsed.TotalSeconds / 4);
        for (var at = 0d; at <= elapsed.TotalSeconds; at += step)
        {
            yield return TimeSpan.FromSeconds(at);
        }
    }
}
