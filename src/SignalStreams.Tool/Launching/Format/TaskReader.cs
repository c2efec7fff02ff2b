using System.Globalization;
using System.Text.RegularExpressions;

namespace SignalStreams.Tool;

/// <summary>Reads one task of a launch file.</summary>
internal sealed class TaskReader(
    NodeReader reader, string workingDirectory, IReadOnlyDictionary<string, string> inherited, StopPlan defaultPlan, bool expandByDefault)
{
    private static readonly string[] Keys =
    [
        "name", "program", "args", "cwd", "start-delay", "restart", "restart-backoff", "quit-on-terminate", "tags", "environment", "env-file",
        "depends-on", "ready", "ready-timeout", "stop-plan", "stop-signal", "stop-timeout", "max-restarts", "restart-window", "log", "expand-env",
    ];

    private SchemaErrors Errors => reader.Errors;

    public LaunchTask Read(YamlNode.Mapping map)
    {
        reader.CheckKeys(map, "a task", Keys);
        var name = Needed(map, "name", value => reader.Text(value, "name")) ?? "";
        var expands = Optional(map, "expand-env", value => reader.Bool(value, "expand-env")) ?? expandByDefault;

        // The env-file is read before there is an environment to expand it with.
        var environment = new Dictionary<string, string>(inherited, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        string Expand(string text, YamlNode at) => !expands ? text : EnvironmentExpansion.Expand(
            text, environment, missing => Errors.Add(at, $"there is no variable {missing} to put in the place of ${{{missing}}}", "Set it, or write $$ for a dollar sign"));
        string? Path(string key, string what)
        {
            if (map[key] is not { } entry || reader.Text(entry.Value, what) is not { } text)
            {
                return null;
            }

            var expanded = Expand(text, entry.Value);
            if (expanded.Length > 0)
            {
                return System.IO.Path.GetFullPath(expanded, workingDirectory);
            }

            Errors.Add(entry.Value, $"{what} is empty once its variables stand in it", "Set them, or write the path");
            return null;
        }


        if (Path("env-file", "env-file") is { } envFile)
        {
            if (TextFile.Read(envFile, out var problem, out var remedy) is { } text)
            {
                foreach (var (key, value) in EnvironmentFile.Parse(text, envFile, Errors))
                {
                    environment[key] = value;
                }
            }
            else
            {
                Errors.Add(map["env-file"]!.Value, $"the env-file {envFile}: {problem}", $"{remedy}; a relative path starts from the working directory of the launch (--cwd)");
            }
        }

        ReadEnvironment(map, environment, Expand);
        var cwd = Path("cwd", "cwd") ?? workingDirectory;
        if (!Directory.Exists(cwd))
        {
            Errors.Add(map["cwd"]?.Value ?? map, $"there is no folder {cwd}", "Create it, or correct cwd; a relative one starts from the working directory of the launch (--cwd)");
        }

        return new LaunchTask
        {
            Name = name,
            FileName = Needed(map, "program", value => reader.Text(value, "program") is { } program ? FindProgram(Expand(program, value), cwd, environment, value) : null) ?? "",
            Arguments = map["args"] is { } args ? Arguments(args.Value, "args", Expand) : [],
            WorkingDirectory = cwd,
            Environment = environment,
            StartDelay = Optional(map, "start-delay", value => reader.Time(value, "start-delay")) ?? TimeSpan.Zero,
            Restart = Optional(map, "restart", Restart) ?? RestartWhen.Never,
            RestartBackoff = Optional(map, "restart-backoff", value => reader.Time(value, "restart-backoff")) ?? TimeSpan.FromSeconds(5),
            MaxRestarts = Optional(map, "max-restarts", value => reader.Count(value, "max-restarts")),
            RestartWindow = Optional(map, "restart-window", value => reader.Time(value, "restart-window", mayBeZero: false)) ?? TimeSpan.FromMinutes(1),
            QuitOnTerminate = Optional(map, "quit-on-terminate", value => reader.Bool(value, "quit-on-terminate")) ?? false,
            DependsOn = map["depends-on"] is { } needs ? [.. Dependencies(needs.Value)] : [],
            Ready = map["ready"] is { } ready ? Ready(ready.Value, cwd, environment, Expand) : null,
            ReadyTimeout = Optional(map, "ready-timeout", value => reader.Time(value, "ready-timeout", mayBeZero: false)) ?? TimeSpan.FromMinutes(1),
            StopPlan = StopPlanOf(map),
            Log = Optional(map, "log", value => reader.Bool(value, "log")) ?? true,
        };
    }

    /// <summary>The names in depends-on, as far as it is written as it should be.</summary>
    public static IEnumerable<YamlNode.Scalar> DependencyNames(YamlNode.Mapping task) => task["depends-on"]?.Value switch
    {
        YamlNode.Scalar { IsNull: false } one => [one],
        YamlNode.Sequence several => several.Items.Select(item => item as YamlNode.Scalar ?? (item as YamlNode.Mapping)?["task"]?.Value as YamlNode.Scalar).OfType<YamlNode.Scalar>(),
        YamlNode.Mapping map => map.Entries.Select(entry => entry.Key),
        _ => [],
    };

    /// <summary>A stop plan in the grammar of <c>stop --plan</c>.</summary>
    public static StopPlan? Plan(NodeReader reader, YamlNode node, string what)
    {
        if (reader.Text(node, what) is not { } text)
        {
            return null;
        }

        if (StopPlanText.TryParse(text, out var plan, out var error))
        {
            return plan;
        }

        reader.Errors.Add(node, $"{what}: {error.TrimEnd('.')}", "Write it as for signalstreams stop --plan");
        return null;
    }

    private static T? Optional<T>(YamlNode.Mapping map, string key, Func<YamlNode, T?> read)
        where T : struct => map[key] is { } entry ? read(entry.Value) : null;

    private string? Needed(YamlNode.Mapping map, string key, Func<YamlNode, string?> read)
    {
        if (map[key] is { } entry)
        {
            return read(entry.Value);
        }

        var task = map["name"]?.Value is YamlNode.Scalar name ? $"the task '{NodeReader.Shorten(name.Text)}'" : "a task";
        Errors.Add(map, $"{task} has no {key}", $"Add {key}:");
        return null;
    }

    private string? FindProgram(string program, string cwd, IReadOnlyDictionary<string, string> environment, YamlNode at)
    {
        // A folder or a variable that is missing is told by itself.
        if (program.Length == 0 || !Directory.Exists(cwd))
        {
            return null;
        }

        try
        {
            return ProgramLookup.Find(program, environment, cwd);
        }
        catch (ProcessStartException bad)
        {
            var (problem, remedy) = StartProblem.Of(bad);
            Errors.Add(at, problem, bad.Place == StartPlace.SearchPath && File.Exists(Path.Combine(cwd, program)) ? $"For the file in the task's cwd write ./{NodeReader.Shorten(program)}" : remedy);
            return null;
        }
    }

    private void ReadEnvironment(YamlNode.Mapping map, Dictionary<string, string> environment, Func<string, YamlNode, string> expand)
    {
        switch (map["environment"]?.Value)
        {
            case null or YamlNode.Scalar { IsNull: true }:
                break;
            case YamlNode.Mapping variables:
                foreach (var (key, value) in variables.Entries)
                {
                    if (key.Text.Length == 0 || key.Text.AsSpan().ContainsAny('=', '\0'))
                    {
                        Errors.Add(key, "a variable's name is not empty and has no = in it", "Write NAME: VALUE");
                    }
                    else if (reader.Text(value, $"the variable {NodeReader.Shorten(key.Text)}", mayBeEmpty: true) is { } text)
                    {
                        environment[key.Text] = expand(text, value);
                    }
                }

                break;
            case { } other:
                Errors.Add(other, $"environment is {other.Kind}, and has to be a map", "Write NAME: VALUE in lines below it");
                break;
        }
    }

    private List<string> Arguments(YamlNode node, string what, Func<string, YamlNode, string> expand)
    {
        switch (node)
        {
            case YamlNode.Scalar { IsNull: true }:
                return [];
            case YamlNode.Scalar scalar:
                if (reader.Text(scalar, what, mayBeEmpty: true) is not { } line)
                {
                    return [];
                }

                if (CommandLineSplitter.Split(line, OperatingSystem.IsWindows()) is { } words)
                {
                    return [.. words.Select(word => expand(word, node))];
                }

                Errors.Add(node, $"{what} has a quotation mark that is not closed", "Close it, put a backslash before it, or write the arguments as a list");
                return [];
            case YamlNode.Sequence list:
                return [.. list.Items.Select(item => reader.Text(item, "an argument", mayBeEmpty: true) is { } text ? expand(text, item) : "")];
            default:
                Errors.Add(node, $"{what} is {node.Kind}, and has to be text or a list", "Write one argument in each line, with - before it");
                return [];
        }
    }

    private RestartWhen? Restart(YamlNode node)
    {
        if (node is YamlNode.Scalar scalar)
        {
            RestartWhen? when = scalar.Text switch
            {
                "never" => RestartWhen.Never,
                "on-failure" => RestartWhen.OnFailure,
                "always" => RestartWhen.Always,
                _ when scalar.IsPlain && NodeReader.AsBool(scalar.Text) is { } known => known ? RestartWhen.Always : RestartWhen.Never,
                _ => null,
            };
            if (when is not null)
            {
                return when;
            }
        }

        Errors.Add(node, $"restart is {NodeReader.Shown(node)}, and has to be true, false, never, on-failure or always", "Write one of these");
        return null;
    }

    private IEnumerable<TaskDependency> Dependencies(YamlNode node)
    {
        switch (node)
        {
            case YamlNode.Scalar { IsNull: false } one:
                return [new(one.Text, DependencyCondition.Ready)];
            case YamlNode.Sequence list:
                return [.. list.Items.Select(Dependency).OfType<TaskDependency>()];
            case YamlNode.Mapping map:
                // As Docker Compose writes it: the names as keys.
                return [.. map.Entries.Select(entry => new TaskDependency(entry.Key.Text, entry.Value is YamlNode.Mapping details ? Condition(details, "condition") : Misplaced(entry.Value)))];
            default:
                Errors.Add(node, $"depends-on is {node.Kind}, and has to be a list of tasks", "Write - NAME, or - task: NAME with condition: ready below it");
                return [];
        }
    }

    private DependencyCondition Misplaced(YamlNode node)
    {
        Errors.Add(node, $"a dependency is {NodeReader.Shown(node)}, and has to be a map with condition", "Write condition: started, ready or completed");
        return DependencyCondition.Ready;
    }

    private TaskDependency? Dependency(YamlNode item)
    {
        if (item is YamlNode.Mapping map)
        {
            var condition = Condition(map, "task", "condition");
            return Needed(map, "task", value => reader.Text(value, "task")) is { } task ? new(task, condition) : null;
        }

        return reader.Text(item, "a dependency") is { } name ? new(name, DependencyCondition.Ready) : null;
    }

    private DependencyCondition Condition(YamlNode.Mapping map, params string[] keys)
    {
        reader.CheckKeys(map, "a dependency", keys);
        if (map["condition"]?.Value is not { } node)
        {
            return DependencyCondition.Ready;
        }

        switch ((node as YamlNode.Scalar)?.Text)
        {
            case "started":
                return DependencyCondition.Started;
            case "ready":
                return DependencyCondition.Ready;
            case "completed":
                return DependencyCondition.Completed;
            default:
                Errors.Add(node, $"condition is {NodeReader.Shown(node)}, and has to be started, ready or completed", "Write one of these");
                return DependencyCondition.Ready;
        }
    }

    private ReadyCondition? Ready(YamlNode node, string cwd, IReadOnlyDictionary<string, string> environment, Func<string, YamlNode, string> expand)
    {
        const string remedy = "Write one of tcp: HOST:PORT, file: PATH, line: PATTERN, delay: SECONDS, command: TEXT below it";
        if (node is not YamlNode.Mapping { Entries.Count: 1 } map)
        {
            Errors.Add(node, $"ready is {(node is YamlNode.Mapping ? "a map of more or fewer than one key" : NodeReader.Shown(node))}, and has to be a map with one key", remedy);
            return null;
        }

        reader.CheckKeys(map, "ready", "tcp", "file", "line", "delay", "command");
        var (key, value) = map.Entries[0];
        switch (key.Text)
        {
            case "tcp":
                return reader.Text(value, "tcp") is { } endPoint ? Tcp(expand(endPoint, value), value) : null;
            case "file":
                return reader.Text(value, "file") is { } path && expand(path, value) is { Length: > 0 } expanded ? new ReadyCondition.File(Path.GetFullPath(expanded, cwd)) : null;
            case "line":
                return reader.Text(value, "line") is { } pattern ? Line(pattern, value) : null;
            case "delay":
                return reader.Time(value, "delay") is { } time ? new ReadyCondition.Delay(time) : null;
            case "command":
                var words = Arguments(value, "command", expand);
                if (words.Count == 0)
                {
                    Errors.Add(value, "command names no program", "Write a program and its arguments");
                    return null;
                }

                return FindProgram(words[0], cwd, environment, value) is { } program ? new ReadyCondition.Command(program, words[1..]) : null;
            default:
                return null;
        }
    }

    private ReadyCondition.Tcp? Tcp(string text, YamlNode at)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "localhost" : text[..colon].Trim('[', ']');
        if (host.Length > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return new ReadyCondition.Tcp(host, port);
        }

        Errors.Add(at, $"tcp is '{NodeReader.Shorten(text)}', and has to be HOST:PORT", "Write localhost:8080, [::1]:8080 or 8080");
        return null;
    }

    private ReadyCondition.Line? Line(string pattern, YamlNode at)
    {
        try
        {
            // Whatever the pattern and whatever the task writes: one look at each character.
            return new ReadyCondition.Line(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
        {
            Errors.Add(at, $"line is no pattern that can be used: {bad.Message.TrimEnd('.')}", "Write a regular expression of .NET without back-references and look-arounds, in single quotes");
            return null;
        }
    }

    private StopPlan StopPlanOf(YamlNode.Mapping map)
    {
        var timeout = Optional(map, "stop-timeout", value => reader.Time(value, "stop-timeout", mayBeZero: false));
        var signal = Optional(map, "stop-signal", Signal);
        if (map["stop-plan"] is { } plan)
        {
            if ((map["stop-signal"] ?? map["stop-timeout"]) is { } clash)
            {
                Errors.Add(clash.Key, $"there are a stop-plan and a {clash.Key.Text}", "Put signal and time into the plan");
            }

            return Plan(reader, plan.Value, "stop-plan") ?? defaultPlan;
        }

        return (signal, timeout) switch
        {
            (null, null) => defaultPlan,
            (null, { } time) => StopPlan.Send(ShutdownSignal.SIGINT, time, TimeSpan.FromSeconds(1)).ThenKill(),
#pragma warning disable CA1416 // On Windows SIGKILL stands for the end of the process.
            (ShutdownSignal.SIGKILL, _) => StopPlan.Send(ShutdownSignal.SIGKILL, timeout ?? TimeSpan.FromSeconds(2)),
#pragma warning restore CA1416
            ({ } chosen, _) => StopPlan.Send(chosen, timeout ?? TimeSpan.FromSeconds(15)).ThenKill(),
        };
    }

    private ShutdownSignal? Signal(YamlNode node)
    {
        if (node is YamlNode.Scalar scalar && ShutdownSignals.TryParse(scalar.Text, out var signal))
        {
            return signal.Normalize();
        }

        Errors.Add(node, $"stop-signal is {NodeReader.Shown(node)}, and has to be a signal", "Write a name or a number: SIGTERM, TERM, 15");
        return null;
    }
}
