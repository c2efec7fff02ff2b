using System.Globalization;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>What <c>--check</c> says of a file without errors.</summary>
internal static class LaunchSummary
{
    public static string Of(LaunchFile file)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{file.Path}: ok, {(file.Tasks.Count == 1 ? "1 task" : $"{file.Tasks.Count} tasks")} in launch '{SafeText.Line(file.Name)}'\n");
        text.Append("start order (stops go the other way):\n");
        var row = 0;
        foreach (var tasks in DependencyOrder.Rows(file.Tasks))
        {
            row++;
            foreach (var task in tasks)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {row}. {SafeText.Line(task.Name)}{Conditions(task)}: {SafeText.Line(task.FileName)}\n");
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Conditions(LaunchTask task)
    {
        List<string> parts = [];
        if (task.DependsOn.Count > 0)
        {
            parts.Add($"when {string.Join(" and ", task.DependsOn.Select(needed => $"{SafeText.Line(needed.Name)} {(needed.Condition == DependencyCondition.Completed ? "has completed" : $"is {needed.Condition.ToString().ToLowerInvariant()}")}"))}");
        }

        if (task.StartDelay > TimeSpan.Zero)
        {
            parts.Add($"after {Durations.Format(task.StartDelay)}");
        }

        if (task.Ready is { } ready)
        {
            parts.Add($"ready by {SafeText.Line(ready.ToString()!)}");
        }

        if (task.Restart != RestartWhen.Never)
        {
            parts.Add(task.Restart == RestartWhen.Always ? "restarted always" : "restarted when it fails");
        }

        if (task.QuitOnTerminate)
        {
            parts.Add("its end ends the launch");
        }

        return parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})";
    }
}
