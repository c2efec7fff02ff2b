using System.Collections;

namespace SignalStreams.Tool;

/// <summary>Reads a launch file: drekar-launch's format, and what ours adds to it.</summary>
/// <remarks>Nothing is started; what the file names is looked up: programs, folders, env-files.</remarks>
internal static class LaunchFileReader
{
    /// <param name="path">The file.</param>
    /// <param name="workingDirectory">What its relative folders start from.</param>
    /// <param name="name">A name in place of the one in the file.</param>
    /// <param name="errors">All that is wrong with it.</param>
    /// <returns>Null when there is any error.</returns>
    public static LaunchFile? Read(string path, string workingDirectory, string? name, out IReadOnlyList<SchemaError> errors)
    {
        var found = new SchemaErrors(path);
        LaunchFile? file = null;
        if (TextFile.Read(path, out var problem, out var remedy) is { } text)
        {
            file = Parse(text, path, workingDirectory, name, InheritedEnvironment(), found);
        }
        else
        {
            found.Add(1, 1, problem, remedy);
        }

        errors = found.All;
        return found.Any ? null : file;
    }

    public static LaunchFile? Parse(
        string text, string path, string workingDirectory, string? name, IReadOnlyDictionary<string, string> inherited, SchemaErrors errors)
    {
        var root = YamlTree.Read(text, errors);
        if (root is not YamlNode.Mapping map)
        {
            if (!errors.Any)
            {
                errors.Add(root?.Line ?? 1, root?.Column ?? 1, $"the file is {(root is null or YamlNode.Scalar { IsNull: true } ? "empty" : root.Kind)}, and has to be a map with tasks", "Begin it with tasks: and a list");
            }

            return null;
        }

        var reader = new NodeReader(errors);
        reader.CheckKeys(map, "a launch", "name", "tasks", "stop-plan", "log-folder", "expand-env");
        var fileName = map["name"] is { } named ? reader.Text(named.Value, "the name of the launch") : null;
        var plan = map["stop-plan"] is { } stop ? TaskReader.Plan(reader, stop.Value, "stop-plan") : null;
        var logFolder = map["log-folder"] is { } logs && reader.Text(logs.Value, "log-folder") is { } folder ? Path.GetFullPath(folder, workingDirectory) : null;
        var expand = map["expand-env"] is { } expansion && (reader.Bool(expansion.Value, "expand-env") ?? false);
        var tasks = Tasks(map, new TaskReader(reader, workingDirectory, inherited, plan ?? StopPlan.Interactive, expand), errors);
        return new LaunchFile(path, name ?? fileName ?? "drekar-launch", tasks, logFolder);
    }

    private static List<LaunchTask> Tasks(YamlNode.Mapping map, TaskReader reader, SchemaErrors errors)
    {
        if (map["tasks"] is not { } tasks)
        {
            errors.Add(map, "there are no tasks", "Add tasks: and a list, each with a name and a program");
            return [];
        }

        if (tasks.Value is not YamlNode.Sequence { Items: { Count: > 0 } items })
        {
            errors.Add(tasks.Value, $"tasks is {(tasks.Value is YamlNode.Sequence ? "an empty list" : tasks.Value.Kind)}, and has to be a list of maps", "Begin each task with - name:");
            return [];
        }

        List<LaunchTask> read = [];
        foreach (var item in items)
        {
            if (item is YamlNode.Mapping task)
            {
                read.Add(reader.Read(task));
            }
            else
            {
                errors.Add(item, $"a task is {item.Kind}, and has to be a map", "Begin each task with - name:");
            }
        }

        CheckNames(items, errors);
        CheckDependencies(items, errors);
        CheckEnds(items, read, errors);
        return read;
    }

    private static void CheckNames(IReadOnlyList<YamlNode> items, SchemaErrors errors)
    {
        Dictionary<string, YamlNode> seen = new(StringComparer.Ordinal);
        foreach (var name in items.OfType<YamlNode.Mapping>().Select(task => task["name"]?.Value).OfType<YamlNode.Scalar>())
        {
            if (!seen.TryAdd(name.Text, name))
            {
                errors.Add(name, $"there is a task '{NodeReader.Shorten(name.Text)}' already, in line {seen[name.Text].Line}", "Give each task a name of its own");
            }
        }
    }

    // Who waits for the end of a task that is always started again waits for ever.
    private static void CheckEnds(IReadOnlyList<YamlNode> items, List<LaunchTask> read, SchemaErrors errors)
    {
        var endless = read.Where(task => task is { Restart: RestartWhen.Always, MaxRestarts: null, QuitOnTerminate: false }).Select(task => task.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (node, task) in items.OfType<YamlNode.Mapping>().Zip(read))
        {
            foreach (var needed in task.DependsOn.Where(needed => needed.Condition == DependencyCondition.Completed && endless.Contains(needed.Name)))
            {
                var at = TaskReader.DependencyNames(node).FirstOrDefault(name => name.Text == needed.Name) ?? (YamlNode)node;
                errors.Add(at, $"the task '{NodeReader.Shorten(needed.Name)}' is always started again, and never has completed", "Write restart: on-failure there, or another condition here");
            }
        }
    }

    private static void CheckDependencies(IReadOnlyList<YamlNode> items, SchemaErrors errors)
    {
        Dictionary<string, List<YamlNode.Scalar>> needs = new(StringComparer.Ordinal);
        foreach (var task in items.OfType<YamlNode.Mapping>())
        {
            if (task["name"]?.Value is YamlNode.Scalar name)
            {
                needs.TryAdd(name.Text, []);
                needs[name.Text].AddRange(TaskReader.DependencyNames(task));
            }
        }

        foreach (var (task, needed) in needs)
        {
            foreach (var name in needed.Where(name => !needs.ContainsKey(name.Text)))
            {
                var meant = Suggestion.For(name.Text, needs.Keys.Where(other => other != task));
                errors.Add(name, $"there is no task '{NodeReader.Shorten(name.Text)}'", meant is null ? "Name a task of this file" : $"Did you mean '{NodeReader.Shorten(meant)}'? Otherwise remove it");
            }
        }

        // One error for each circle, where it is closed.
        var graph = needs.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value.Select(name => name.Text).Where(needs.ContainsKey)], StringComparer.Ordinal);
        while (DependencyOrder.FindCycle(graph) is { } circle)
        {
            var at = needs[circle[^2]].First(name => name.Text == circle[^1]);
            errors.Add(at, circle.Count == 2 ? $"the task '{NodeReader.Shorten(circle[0])}' depends on itself" : $"these tasks wait for each other: {string.Join(" -> ", circle.Select(NodeReader.Shorten))}", "Remove one of these dependencies");
            graph[circle[^2]] = [.. graph[circle[^2]].Where(name => name != circle[^1])];
        }
    }

    private static Dictionary<string, string> InheritedEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            pair => (string)pair.Key, pair => (string?)pair.Value ?? "", OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
}
