using System.Globalization;
using Spectre.Console;

namespace SignalStreams.Tool;

/// <summary>A picture of the steps, of what is left of each, and of who is still running, drawn anew ten times a second.</summary>
internal sealed class LiveStopReport(IAnsiConsole console, TimeProvider time) : IStopReport
{
    private const int BarWidth = 12;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    public void Stepped(StopTask task, StopStep step)
    {
    }

    public void Ended(StopTask task)
    {
    }

    public async Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all)
    {
        var live = console.Live(Draw(tasks));
        live.AutoClear = true;
        await live.StartAsync(async context =>
        {
            while (!all.IsCompleted)
            {
                context.UpdateTarget(Draw(tasks));

                // Woken by the end, which nobody should have to wait for.
                await Task.WhenAny(all, Task.Delay(Frame, time)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await all.ConfigureAwait(false);

        // What stays on the screen.
        foreach (var task in tasks)
        {
            SafeOutput.Line(StopText.Outcome(task));
        }
    }

    internal Rows Draw(IReadOnlyList<StopTask> tasks)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumns(new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").NoWrap());
        foreach (var task in tasks)
        {
            table.AddRow(new Text(task.Name.Replace("the tree of process", "tree", StringComparison.Ordinal)), Steps(task), Countdown(task), Running(task));
        }

        var hint = tasks.Where(task => !task.IsOver).All(task => task.IsInLastStep) ? "Ctrl-C gives up" : "Ctrl-C goes to the next step";
        return new Rows(table, new Markup($"[dim]{hint}[/]"));
    }

    // "SIGINT x3 > SIGTERM > SIGKILL", the present one bold.
    private static Markup Steps(StopTask task)
    {
        var now = task.Step?.Number ?? -1;
        return new Markup(string.Join(" [dim]>[/] ", task.Plan.Steps.Select((step, number) =>
        {
            var name = Markup.Escape(step.Signal.GetName());
            var attempts = number == now && task.Step is { Attempt: > 1 and var attempt } ? string.Create(CultureInfo.InvariantCulture, $" x{attempt}") : "";
            return number == now ? $"[bold yellow]{name}{attempts}[/]" : $"[dim]{name}[/]";
        })));
    }

    private Markup Countdown(StopTask task)
    {
        if (task.IsOver)
        {
            return new Markup("");
        }

        if (task.Step is null)
        {
            return new Markup("[dim]begins[/]");
        }

        if (task.Left(time) is not { } left)
        {
            return new Markup("[dim]no limit[/]");
        }

        var filled = (int)Math.Ceiling(left / task.Step.Step.Patience * BarWidth);
        return new Markup($"[yellow]{new string('━', filled)}[/][dim]{new string('─', BarWidth - filled)}[/] {left.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),5} s");
    }

    // One line each, however narrow the terminal is.
    private static Markup Running(StopTask task) => new Markup(task switch
    {
        { IsOver: true } => StopText.Mark(task) switch
        {
            true => "[green]ended[/]",
            null => "[yellow]killed[/]",
            _ => "[red]still running[/]",
        },
        { Step: { Remaining.Count: > 0 } step } => $"[dim]{step.Remaining.Count.ToString(CultureInfo.InvariantCulture)} running:[/] {Markup.Escape(StopText.Names(step.Remaining))}",
        _ => "",
    }).Ellipsis();
}
