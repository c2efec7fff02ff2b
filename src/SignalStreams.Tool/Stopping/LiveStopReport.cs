using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using CellStyle = Spectre.Console.Style;

namespace SignalStreams.Tool;

/// <summary>A picture of the steps, of what is left of each, and of who is still running, drawn anew ten times a second while something counts down.</summary>
internal sealed class LiveStopReport(LivePicture picture, TimeProvider time) : IStopReport
{
    private const int BarWidth = 12;
    private static readonly CellStyle Dim = new(decoration: Decoration.Dim);
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowFrame = TimeSpan.FromSeconds(1);

    public void Stepped(StopTask task, StopStep step)
    {
    }

    public void Ended(StopTask task)
    {
    }

    public async Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all)
    {
        var showing = Task.Factory.StartNew(() => Show(tasks, all), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await all.ConfigureAwait(false);
        await showing.ConfigureAwait(false);

        // What stays on the screen.
        foreach (var task in tasks)
        {
            SafeOutput.Line(StopText.Outcome(task));
        }
    }

    // On a thread of its own: writing to a terminal can wait for its reader.
    private void Show(IReadOnlyList<StopTask> tasks, Task all)
    {
        try
        {
            while (!all.IsCompleted)
            {
                picture.Draw([], (width, height) => Draw(tasks, width, height));

                // Woken by the end, which nobody should have to wait for; where no step has an end, nothing counts down.
                Task.WhenAny(all, Task.Delay(tasks.Any(task => !task.IsOver && (task.Step is null || task.Left(time) is not null)) ? Frame : SlowFrame, time)).GetAwaiter().GetResult();
            }

            picture.Clear();
        }
        catch (IOException)
        {
            // The terminal is closed: a stop that was begun is finished.
        }
    }

    internal Rows Draw(IReadOnlyList<StopTask> tasks, int width, int height)
    {
        // Where there is no room for all, those stay that somebody waits for.
        var room = Math.Max(1, height - 1);
        var shown = tasks.Count <= room ? tasks : [.. tasks.OrderBy(task => task.IsOver).Take(Math.Max(1, room - 1))];
        var names = shown.Max(task => CellText.Cells(Name(task)));
        var steps = shown.Max(task => Steps(task, isShort: false).Sum(part => part.Text.Length));
        var isNarrow = width < names + steps + BarWidth + 40;
        List<IRenderable> lines = [.. shown.Select(task => Line(task, width, names, isNarrow ? 11 : steps, isNarrow))];
        if (shown.Count < tasks.Count)
        {
            var left = tasks.Except(shown).Count(task => !task.IsOver);
            lines.Add(Text([(string.Create(CultureInfo.InvariantCulture, $"and {tasks.Count - shown.Count} more, {left} of them running"), Dim)], width));
        }

        var hint = tasks.Where(task => !task.IsOver).All(task => task.IsInLastStep) ? "Ctrl-C gives up" : "Ctrl-C goes to the next step";
        return new Rows([.. lines, Text([(hint, Dim)], width)]);
    }

    private Paragraph Line(StopTask task, int width, int names, int steps, bool isNarrow)
    {
        var parts = Steps(task, isNarrow);
        return Text(
            [
                (CellText.Fit(Name(task), names), CellStyle.Plain),
                ("  ", CellStyle.Plain),
                .. parts,
                (new string(' ', Math.Max(0, steps - parts.Sum(part => part.Text.Length)) + 2), CellStyle.Plain),
                .. Countdown(task, isNarrow),
                ("  ", CellStyle.Plain),
                Running(task),
            ],
            width);
    }

    // One row, however narrow the terminal is.
    private static Paragraph Text(IEnumerable<(string Text, CellStyle Style)> parts, int width)
    {
        var line = new Paragraph { Overflow = Overflow.Crop };
        foreach (var (text, style) in parts)
        {
            var fitting = CellText.Cut(text, width);
            line.Append(fitting, style);
            width -= CellText.Cells(fitting);
        }

        return line;
    }

    private static string Name(StopTask task) => task.Name.Replace("the tree of process", "tree", StringComparison.Ordinal);

    // "SIGINT x3 > SIGTERM > SIGKILL", the present one bold; the present one alone where there is no room.
    private static List<(string Text, CellStyle Style)> Steps(StopTask task, bool isShort)
    {
        var now = task.Step?.Number ?? -1;
        List<(string Text, CellStyle Style)> parts = [];
        foreach (var (step, number) in task.Plan.Steps.Select((step, number) => (step, number)).Where(pair => !isShort || pair.number == now))
        {
            var attempts = number == now && task.Step is { Attempt: > 1 and var attempt } ? string.Create(CultureInfo.InvariantCulture, $" x{attempt}") : "";
            parts.Add(($"{(parts.Count == 0 ? "" : " > ")}{step.Signal.GetName()}{attempts}", number == now ? new CellStyle(Color.Yellow, decoration: Decoration.Bold) : Dim));
        }

        return parts;
    }

    private IEnumerable<(string Text, CellStyle Style)> Countdown(StopTask task, bool isShort)
    {
        var room = isShort ? 8 : BarWidth + 9;
        if (task.Step is not { } step || task.IsOver || task.Left(time) is not { } left)
        {
            return [(CellText.Fit(task.IsOver ? "" : task.Step is null ? "begins" : "no limit", room), Dim)];
        }

        var text = left.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(6) + " s";
        var filled = (int)Math.Ceiling(left / step.Step.Patience * BarWidth);
        return isShort ? [(text, CellStyle.Plain)]
            : [(new string('\u2501', filled), new CellStyle(Color.Yellow)), (new string('\u2500', BarWidth - filled), Dim), (text + " ", CellStyle.Plain)];
    }

    private static (string Text, CellStyle Style) Running(StopTask task) => task switch
    {
        { IsOver: true } => StopText.Mark(task) switch
        {
            true => ("ended", new CellStyle(Color.Green)),
            null => ("killed", new CellStyle(Color.Yellow)),
            _ => ("still running", new CellStyle(Color.Red)),
        },
        { Step: { Remaining.Count: > 0 } step } => (string.Create(CultureInfo.InvariantCulture, $"{step.Remaining.Count} running: {StopText.Names(step.Remaining)}"), Dim),
        _ => ("", CellStyle.Plain),
    };
}
