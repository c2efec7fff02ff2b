using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using CellStyle = Spectre.Console.Style;

namespace SignalStreams.Tool;

/// <summary>Draws the tasks of a launch into a terminal of any size.</summary>
internal static class TaskTable
{
    /// <summary>A picture of at most so many columns and rows.</summary>
    public static IRenderable Draw(string launchName, IReadOnlyList<TaskView> tasks, bool isStopping, int width, int height)
    {
        List<IRenderable> lines = [];
        var hasHeader = height >= 5;
        var hasFooter = height >= 3;
        var columns = Columns(tasks, width);
        if (hasHeader)
        {
            lines.Add(Line(columns, [.. columns.Select(column => (column.Title, new CellStyle(decoration: Decoration.Bold)))]));
        }

        // Where there is no room for all, those stay that somebody waits for.
        var room = Math.Max(1, height - (hasHeader ? 1 : 0) - (hasFooter ? 1 : 0));
        var shown = tasks.Count <= room ? tasks
            : [.. tasks.Select((task, number) => (task, number)).OrderBy(pair => Rank(pair.task.State)).Take(Math.Max(1, room - 1)).OrderBy(pair => pair.number).Select(pair => pair.task)];
        lines.AddRange(shown.Select(task => Line(columns, [.. columns.Select(column => (column.Text(task), column.Style(task)))])));
        if (shown.Count < tasks.Count && room > 1)
        {
            lines.Add(new Text(CellText.Cut(string.Create(CultureInfo.InvariantCulture, $"and {tasks.Count - shown.Count} more"), width), new CellStyle(decoration: Decoration.Dim)));
        }

        if (hasFooter)
        {
            lines.Add(new Text(CellText.Cut(Footer(launchName, tasks, isStopping), width), new CellStyle(decoration: Decoration.Dim)));
        }

        return new Rows(lines);
    }

    private static string Footer(string launchName, IReadOnlyList<TaskView> tasks, bool isStopping)
    {
        if (tasks.All(task => task.State is LaunchState.Ended or LaunchState.Failed or LaunchState.NotStarted))
        {
            return $"{SafeText.Line(launchName)}: over";
        }

        if (!isStopping)
        {
            return $"{SafeText.Line(launchName)}: Ctrl-C stops";
        }

        var left = tasks.Where(task => task.State == LaunchState.Stopping).ToArray();
        var last = left.Select(task => task.Stop?.NextIn).Max();
        return left.Length == 0 ? "stopping"
            : string.Create(CultureInfo.InvariantCulture, $"stopping{(last is { } time ? $", {Math.Ceiling(time.TotalSeconds)} s" : "")}: held up by {string.Join(", ", left.Select(task => SafeText.Line(task.Name)))}; Ctrl-C hurries");
    }

    private static int Rank(LaunchState state) => state switch
    {
        LaunchState.Stopping => 0,
        LaunchState.Failed => 1,
        LaunchState.Restarting => 2,
        LaunchState.Starting => 3,
        LaunchState.Running => 4,
        LaunchState.Delayed or LaunchState.Waiting => 5,
        _ => 6,
    };

    private static Paragraph Line(List<Column> columns, IReadOnlyList<(string Text, CellStyle Style)> cells)
    {
        var line = new Paragraph { Overflow = Overflow.Crop };
        for (var i = 0; i < columns.Count; i++)
        {
            line.Append(i < columns.Count - 1 ? CellText.Fit(cells[i].Text, columns[i].Width) : CellText.Cut(cells[i].Text, columns[i].Width), cells[i].Style);
            line.Append(i < columns.Count - 1 ? " " : "", CellStyle.Plain);
        }

        return line;
    }

    // The name and the state always, then the process, then the last line, which says what a stop is waiting for; the others where it keeps its room.
    private static List<Column> Columns(IReadOnlyList<TaskView> tasks, int width)
    {
        const int Room = 24;
        const int AmpleRoom = 36;
        var names = Math.Clamp(tasks.Select(task => CellText.Cells(SafeText.Line(task.Name))).DefaultIfEmpty(4).Max(), 4, Math.Max(4, width / 4));
        List<Column> columns = [new("task", names, task => SafeText.Line(task.Name), _ => new CellStyle(decoration: Decoration.Bold)), new("state", 10, State, task => StyleOf(task.State))];
        AddWhere(0, new("pid", 7, task => task.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "", _ => CellStyle.Plain));
        AddWhere(Room, new("restarts", 8, task => task.Restarts == 0 ? "" : task.Restarts.ToString(CultureInfo.InvariantCulture), _ => CellStyle.Plain));
        AddWhere(AmpleRoom, new("uptime", 8, task => task.Uptime is { } time ? Uptime(time) : "", _ => CellStyle.Plain));
        var used = columns.Sum(column => column.Width + 1);
        if (width - used >= 8)
        {
            columns.Add(new("last line", width - used, What, task => new CellStyle(decoration: task.Stop is null && task.Detail.Length == 0 ? Decoration.None : Decoration.Italic)));
        }
        else if (used - 1 > width)
        {
            columns[0] = columns[0] with { Width = Math.Max(1, Math.Min(names, width - 2)) };
            columns[1] = columns[1] with { Width = width - columns[0].Width - 1 };
            if (columns[1].Width <= 0)
            {
                columns = [columns[0] with { Width = width }];
            }
        }

        return columns;

        void AddWhere(int left, Column column)
        {
            if (width - columns.Sum(other => other.Width + 1) - column.Width - 1 >= left)
            {
                columns.Add(column);
            }
        }
    }

    private static string What(TaskView task)
    {
        if (task.Stop is not { } stop)
        {
            return task.Detail.Length > 0 ? SafeText.Line(task.Detail) : task.LastLine;
        }

        var times = stop.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $" x{stop.Attempt}") : "";
        var next = stop.NextIn is { } time
            ? string.Create(CultureInfo.InvariantCulture, $", {(stop.NextSignal is { } signal ? signal.GetName() : "given up")} in {Math.Ceiling(time.TotalSeconds)} s")
            : "";
        return SafeText.Line($"{stop.Signal.GetName()}{times}{next}: waiting for {string.Join(", ", stop.Remaining.Take(5))}{(stop.Remaining.Count > 5 ? ", ..." : "")}");
    }

    private static string State(TaskView task) => task.State switch
    {
        LaunchState.NotStarted => "not begun",
        _ => task.State.ToString().ToLowerInvariant(),
    };

    private static CellStyle StyleOf(LaunchState state) => state switch
    {
        LaunchState.Running => new CellStyle(Color.Green),
        LaunchState.Failed => new CellStyle(Color.Red),
        LaunchState.Stopping or LaunchState.Restarting => new CellStyle(Color.Yellow),
        LaunchState.Ended or LaunchState.NotStarted => new CellStyle(decoration: Decoration.Dim),
        _ => new CellStyle(Color.Blue),
    };

    private static string Uptime(TimeSpan time) => time.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d{time.Hours:00}h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    private sealed record Column(string Title, int Width, Func<TaskView, string> Text, Func<TaskView, CellStyle> Style);
}
