namespace SignalStreams.Tool.Tests;

public sealed class LaunchFileReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("launch").FullName;
    private readonly Dictionary<string, string> _inherited = new() { ["PATH"] = "/usr/bin:/bin", ["HOME"] = "/home/me" };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private LaunchFile? Parse(string text, out IReadOnlyList<SchemaError> errors)
    {
        var found = new SchemaErrors("launch.yaml");
        var file = LaunchFileReader.Parse(text, "launch.yaml", _folder, null, _inherited, found);
        errors = found.All;
        return file;
    }

    private LaunchTask Task(string lines)
    {
        var file = Parse($"tasks:\n  - name: t\n    program: sh\n{string.Concat(lines.Split('\n').Select(line => $"    {line}\n"))}", out var errors);
        Assert.Empty(errors);
        return file!.Tasks[0];
    }

    private SchemaError Error(string text)
    {
        Parse(text, out var errors);
        return Assert.Single(errors);
    }

    [Fact]
    public void A_file_of_the_original_is_read_with_its_defaults()
    {
        var file = Parse("name: servers\ntasks:\n  - name: one\n    program: sh\n    args: server.py 8100 Server1\n    cwd: .\n    tags: [a]\n  - name: two\n    program: /bin/sh\n    args:\n      - server.py\n      - 8101\n      - Hello from Server2!\n    start-delay: 1\n    restart: yes\n    ", out var errors)!;
        Assert.Empty(errors);
        Assert.Equal("servers", file.Name);
        var (one, two) = (file.Tasks[0], file.Tasks[1]);
        Assert.Equal(["server.py", "8100", "Server1"], one.Arguments);
        Assert.Equal(_folder, one.WorkingDirectory);
        Assert.Equal((RestartWhen.Never, TimeSpan.FromSeconds(5), false, TimeSpan.Zero), (one.Restart, one.RestartBackoff, one.QuitOnTerminate, one.StartDelay));
        Assert.Same(StopPlan.Interactive, one.StopPlan);
        Assert.Equal(["server.py", "8101", "Hello from Server2!"], two.Arguments);
        Assert.Equal((RestartWhen.Always, TimeSpan.FromSeconds(1)), (two.Restart, two.StartDelay));
    }

    [Theory]
    [InlineData("args: 'a \"b c\" d\\ e'", new[] { "a", "b c", "d e" })]
    [InlineData("args: 8100", new[] { "8100" })]
    [InlineData("args: 1.50", new[] { "1.50" })]
    [InlineData("args: true", new[] { "true" })]
    [InlineData("args:", new string[0])]
    [InlineData("args: [1, 1.5, true, 0x10, '']", new[] { "1", "1.5", "true", "0x10", "" })]
    [InlineData("args: $HOME ${HOME} *", new[] { "$HOME", "${HOME}", "*" })]
    [InlineData("expand-env: true\nargs: ${HOME} $$ $HOME", new[] { "/home/me", "$", "$HOME" })]
    public void Arguments_are_what_is_written(string lines, string[] arguments) => Assert.Equal(arguments, Task(lines).Arguments);

    [Fact]
    public void Values_of_the_environment_are_written_as_in_the_file_and_go_before_the_env_file_which_goes_before_the_inherited()
    {
        File.WriteAllText(Path.Combine(_folder, "e.env"), "HOME=/file\nA=from file\nB='x y' # why\n");
        var environment = Task("env-file: e.env\nenvironment:\n  A: 1\n  C: 1.5\n  D: true\n  E: \"\"").Environment;
        Assert.Equal("/usr/bin:/bin", environment["PATH"]);
        Assert.Equal(("/file", "1", "x y", "1.5", "true", ""), (environment["HOME"], environment["A"], environment["B"], environment["C"], environment["D"], environment["E"]));
    }

    [Fact]
    public void What_is_ours_is_read()
    {
        var file = Parse("""
            stop-plan: INT:3s,KILL
            log-folder: logs
            tasks:
              - {name: a, program: sh, ready: {tcp: 8080}, ready-timeout: 500ms, restart: on-failure, max-restarts: 3, restart-window: 2m, log: false}
              - {name: b, program: sh, depends-on: [a, {task: c, condition: completed}], ready: {line: 'up \d+'}, stop-signal: TERM, stop-timeout: 7}
              - {name: c, program: sh, depends-on: {a: {condition: started}}, ready: {command: sh -c 'exit 0'}, stop-plan: "TERM:1s,KILL"}
              - {name: d, program: sh, depends-on: a, ready: {file: x/y}, stop-timeout: 2}
              - {name: e, program: sh, ready: {delay: 1.5}}
            """, out var errors)!;
        Assert.Empty(errors);
        Assert.Equal(Path.Combine(_folder, "logs"), file.LogFolder);
        var (a, b, c, d, e) = (file.Tasks[0], file.Tasks[1], file.Tasks[2], file.Tasks[3], file.Tasks[4]);
        Assert.Equal(new ReadyCondition.Tcp("localhost", 8080), a.Ready);
        Assert.Equal((TimeSpan.FromMilliseconds(500), RestartWhen.OnFailure, 3, TimeSpan.FromMinutes(2), false), (a.ReadyTimeout, a.Restart, a.MaxRestarts!.Value, a.RestartWindow, a.Log));
        Assert.Equal(TimeSpan.FromSeconds(3), a.StopPlan.Steps[0].Patience);
        Assert.Equal([new("a", DependencyCondition.Ready), new("c", DependencyCondition.Completed)], b.DependsOn);
        Assert.Equal((SIGTERM, TimeSpan.FromSeconds(7), SIGKILL), (b.StopPlan.Steps[0].Signal, b.StopPlan.Steps[0].Patience, b.StopPlan.Steps[1].Signal));
        Assert.Equal([new("a", DependencyCondition.Started)], c.DependsOn);
        Assert.Equal(["-c", "exit 0"], Assert.IsType<ReadyCondition.Command>(c.Ready).Arguments);
        Assert.Equal(SIGTERM, c.StopPlan.Steps[0].Signal);
        Assert.Equal(new ReadyCondition.File(Path.Combine(_folder, "x/y")), d.Ready);
        Assert.Equal((SIGINT, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)), (d.StopPlan.Steps[0].Signal, d.StopPlan.Steps[0].Patience, d.StopPlan.Steps[0].RepeatEvery!.Value));
        Assert.Equal(new ReadyCondition.Delay(TimeSpan.FromSeconds(1.5)), e.Ready);
    }

    [Theory]
    [InlineData("", 1, 1, "the file is empty")]
    [InlineData("- a", 1, 1, "the file is a list")]
    [InlineData("name: x", 1, 1, "there are no tasks")]
    [InlineData("tasks: 3", 1, 8, "tasks is a single value")]
    [InlineData("tasks: []", 1, 8, "tasks is an empty list")]
    [InlineData("tasks: [a]", 1, 9, "a task is a single value")]
    [InlineData("tasks: [{name: a}]", 1, 9, "the task 'a' has no program")]
    [InlineData("tasks: [{program: sh}]", 1, 9, "a task has no name")]
    [InlineData("tasks:\n  - name: a\n    program: no-such-program-xyz", 3, 14, "Cannot start 'no-such-program-xyz': no program of this name is in the PATH that the child gets (/usr/bin:/bin)")]
    [InlineData("tasks:\n  - name: a\n    program: ./none", 3, 14, "there is no file")]
    [InlineData("tasks: [{name: a, program: sh, restrat: true}]", 1, 32, "Did you mean 'restart'?")]
    [InlineData("tasks: [{name: a, program: sh, restart: maybe}]", 1, 41, "restart is 'maybe'")]
    [InlineData("tasks: [{name: a, program: sh, restart: 'true'}]", 1, 41, "restart is 'true'")]
    [InlineData("tasks: [{name: a, program: sh, start-delay: soon}]", 1, 45, "start-delay is 'soon'")]
    [InlineData("tasks: [{name: a, program: sh, start-delay: -1}]", 1, 45, "start-delay is '-1'")]
    [InlineData("tasks: [{name: a, program: sh, start-delay: .nan}]", 1, 45, "start-delay is '.nan'")]
    [InlineData("tasks: [{name: a, program: sh, start-delay: 1e300}]", 1, 45, "start-delay is '1e300'")]
    [InlineData("tasks: [{name: a, program: sh, quit-on-terminate: 1}]", 1, 51, "quit-on-terminate is '1'")]
    [InlineData("tasks: [{name: a, program: sh, args: 'x \"y'}]", 1, 38, "a quotation mark that is not closed")]
    [InlineData("tasks: [{name: a, program: sh, args: {x: y}}]", 1, 38, "args is a map")]
    [InlineData("tasks: [{name: a, program: sh, args: [[x]]}]", 1, 39, "an argument is a list")]
    [InlineData("tasks: [{name: a, program: sh, args: [~]}]", 1, 39, "an argument is nothing")]
    [InlineData("tasks: [{name: a, program: sh, args: \"a\\0b\"}]", 1, 38, "NUL")]
    [InlineData("tasks: [{name: a, program: sh, cwd: /no/such}]", 1, 37, "there is no folder /no/such")]
    [InlineData("tasks: [{name: a, program: sh, env-file: none.env}]", 1, 42, "there is no such file")]
    [InlineData("tasks: [{name: a, program: sh, environment: [A]}]", 1, 45, "environment is a list")]
    [InlineData("tasks: [{name: a, program: sh, environment: {A: [1]}}]", 1, 49, "the variable A is a list")]
    [InlineData("tasks: [{name: a, program: sh, expand-env: true, args: '${NONE}'}]", 1, 56, "there is no variable NONE")]
    [InlineData("tasks: [{name: a, program: sh, depends-on: [b]}]", 1, 45, "there is no task 'b'")]
    [InlineData("tasks: [{name: a, program: sh, depends-on: [a]}]", 1, 45, "depends on itself")]
    [InlineData("tasks: [{name: server, program: sh}, {name: b, program: sh, depends-on: [servre]}]", 1, 74, "Did you mean 'server'?")]
    [InlineData("tasks: [{name: a, program: sh}, {name: b, program: sh, depends-on: [{task: a, condition: done}]}]", 1, 90, "condition is 'done'")]
    [InlineData("tasks: [{name: a, program: sh, ready: {tcp: x:y}}]", 1, 45, "tcp is 'x:y'")]
    [InlineData("tasks: [{name: a, program: sh, ready: {tcp: 1, delay: 1}}]", 1, 39, "ready is a map of more or fewer")]
    [InlineData("tasks: [{name: a, program: sh, ready: {line: '('}}]", 1, 46, "line is no pattern")]
    [InlineData("tasks: [{name: a, program: sh, stop-signal: SIGNO}]", 1, 45, "stop-signal is 'SIGNO'")]
    [InlineData("tasks: [{name: a, program: sh, stop-plan: NO}]", 1, 43, "'NO' names no signal")]
    [InlineData("tasks: [{name: a, program: sh, stop-plan: default, stop-signal: INT}]", 1, 52, "there are a stop-plan and a stop-signal")]
    [InlineData("tasks: [{name: a, program: sh}, {name: a, program: sh}]", 1, 40, "there is a task 'a' already, in line 1")]
    [InlineData("tasks: [{name: a, program: sh, restart: always}, {name: b, program: sh, depends-on: [{task: a, condition: completed}]}]", 1, 93, "never has completed")]
    [InlineData("tasks: [{name: a, program: sh, expand-env: true, environment: {E: ''}, cwd: '${E}'}]", 1, 77, "cwd is empty once")]
    [InlineData("tasks: [{name: a, program: sh, env-file: /dev/zero}]", 1, 42, "larger than 4 MiB")]
    [InlineData("tasks: [{name: a, name: b, program: sh}]", 1, 19, "the key 'name' stands here for the second time")]
    [InlineData("tasks: [{name: !!python/object:os.system a, program: sh}]", 1, 16, "the tag tag:yaml.org,2002:python/object:os.system is not allowed")]
    [InlineData("tasks: [{name: *a, program: sh}]", 1, 16, "the alias *a has no anchor")]
    [InlineData("tasks: [{name: a, program: sh}]\n---\ntasks: []", 2, 1, "there is a second document")]
    [InlineData("tasks: [", 2, 1, "this is not valid YAML")]
    [InlineData("tasks: }", 1, 8, "this is not valid YAML")]
    [InlineData("tasks: [{name: a, program: sh}]\nfoo: 1", 2, 1, "a launch has no key 'foo'")]
    public void Each_mistake_has_its_place_a_message_and_a_remedy(string text, int line, int column, string message)
    {
        var error = Error(text);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.Equal((line, column), ((int)error.Line, (int)error.Column));
        Assert.StartsWith($"launch.yaml:{line}:{column}: error: ", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once()
    {
        Parse("name: [x]\ntasks:\n  - name: a\n    restart: 7\n    start-delay: x\n  - program: nope-xyz\n    wrong: 1\n  - name: a\n    program: sh\n    depends-on: [z]\n", out var errors);
        Assert.Equal([1, 3, 4, 5, 6, 6, 7, 8, 10], errors.Select(error => (int)error.Line));
    }

    [Fact]
    public void Each_circle_of_dependencies_is_told_once()
    {
        var error = Error("tasks:\n- {name: a, program: sh, depends-on: [b]}\n- {name: b, program: sh, depends-on: [c]}\n- {name: c, program: sh, depends-on: [a]}\n- {name: d, program: sh, depends-on: [a]}");
        Assert.Contains("a -> b -> c -> a", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, error.Line);
    }

    [Fact]
    public void Anchors_aliases_and_merge_keys_work()
    {
        var file = Parse("tasks:\n- &base\n  name: a\n  program: sh\n  start-delay: 2\n- <<: *base\n  name: b\n", out var errors)!;
        Assert.Empty(errors);
        Assert.Equal(("b", TimeSpan.FromSeconds(2)), (file.Tasks[1].Name, file.Tasks[1].StartDelay));
    }

    [Fact]
    public void A_document_that_aliases_make_huge_is_refused()
    {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        Assert.Contains("stands for more than", Error(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_is_nested_deeply_is_refused() =>
        Assert.Contains("nested more than", Error("tasks: " + new string('[', 20_000)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bad_line_of_an_env_file_is_told_by_its_own_place()
    {
        var path = Path.Combine(_folder, "e.env");
        File.WriteAllText(path, "A=1\nnonsense\nB='open\n");
        Parse("tasks: [{name: a, program: sh, env-file: e.env}]", out var errors);
        Assert.Equal([(path, 2L), (path, 3L)], errors.Select(error => (error.File, error.Line)));
    }

    [Fact]
    public void A_file_that_is_missing_a_folder_no_UTF8_or_too_large_is_told()
    {
        var path = Path.Combine(_folder, "f.yaml");
        Assert.Contains("no such file", Read(path), StringComparison.Ordinal);
        Assert.Contains("this is a folder", Read(_folder), StringComparison.Ordinal);
        File.WriteAllBytes(path, [0xFF, 0xC0]);
        Assert.Contains("not UTF-8", Read(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, new byte[TextFile.Longest + 1]);
        Assert.Contains("larger than", Read(path), StringComparison.Ordinal);

        string Read(string file)
        {
            Assert.Null(LaunchFileReader.Read(file, _folder, null, out var errors));
            return Assert.Single(errors).Message;
        }
    }

    [Fact]
    public void A_program_that_may_not_be_executed_or_lies_in_the_folder_is_told_with_its_remedy()
    {
        File.WriteAllText(Path.Combine(_folder, "mine"), "");
        Assert.Contains("write ./mine", Error("tasks: [{name: a, program: mine}]").Remedy, StringComparison.Ordinal);
        Assert.Contains("may not be executed", Error("tasks: [{name: a, program: ./mine}]").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_error_tells_a_user_of_the_command_about_members_of_dotnet()
    {
        foreach (var program in (string[])["no-such-program-xyz", "./none", "/", "./mine"])
        {
            File.WriteAllText(Path.Combine(_folder, "mine"), "");
            Assert.DoesNotContain("ProcessStartInfo", Error($"tasks: [{{name: a, program: {program}}}]").ToString(), StringComparison.Ordinal);
        }
    }
}
