namespace SignalStreams.Tool;

/// <summary>In which order tasks start that need each other.</summary>
internal static class DependencyOrder
{
    /// <summary>A way through the tasks that comes back to where it started; null when there is none.</summary>
    public static IReadOnlyList<string>? FindCycle(IReadOnlyDictionary<string, IReadOnlyList<string>> needs)
    {
        // Kahn's: what is left when everything that can start has started needs itself.
        var left = needs.Keys.ToHashSet(StringComparer.Ordinal);
        while (left.RemoveWhere(name => !needs[name].Any(left.Contains)) > 0)
        {
        }

        if (left.Count == 0)
        {
            return null;
        }

        List<string> way = [needs.Keys.First(left.Contains)];
        while (true)
        {
            var next = needs[way[^1]].First(left.Contains);
            way.Add(next);
            var first = way.IndexOf(next);
            if (first < way.Count - 1)
            {
                return way[first..];
            }
        }
    }

    /// <summary>The tasks in rows: those of a row need only those of rows above it.</summary>
    public static IReadOnlyList<IReadOnlyList<LaunchTask>> Rows(IReadOnlyList<LaunchTask> tasks)
    {
        List<IReadOnlyList<LaunchTask>> rows = [];
        var placed = new HashSet<string>(StringComparer.Ordinal);
        while (placed.Count < tasks.Count)
        {
            LaunchTask[] row = [.. tasks.Where(task => !placed.Contains(task.Name) && task.DependsOn.All(needed => placed.Contains(needed.Name)))];
            if (row.Length == 0)
            {
                throw new InvalidOperationException("The tasks need each other.");
            }

            rows.Add(row);
            placed.UnionWith(row.Select(task => task.Name));
        }

        return rows;
    }

    /// <summary>These tasks, and all that they need.</summary>
    public static IReadOnlyList<LaunchTask> WithNeeds(IReadOnlyList<LaunchTask> tasks, IEnumerable<string> wanted)
    {
        var byName = tasks.ToDictionary(task => task.Name, StringComparer.Ordinal);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(wanted);
        while (open.TryPop(out var name))
        {
            if (kept.Add(name))
            {
                foreach (var needed in byName[name].DependsOn)
                {
                    open.Push(needed.Name);
                }
            }
        }

        return [.. tasks.Where(task => kept.Contains(task.Name))];
    }
}
