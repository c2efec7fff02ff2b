using System.Diagnostics;
using System.Globalization;
using SignalStreams.Processes.Tests.Windows.Real;

namespace SignalStreams.Tool.Tests.Windows;

/// <summary>The tool on Windows: each on a hidden console of its own, at which a test types.</summary>
public sealed class WindowsToolTests : IAsyncLifetime
{
    private const int CannotStart = 126;

    // As it was built; where it was published somewhere, a variable says where.
    private static readonly string Program = Path.GetFullPath(
        Environment.GetEnvironmentVariable("SIGNALSTREAMS_TEST_TOOL") ?? Path.Combine(Path.GetDirectoryName(ToolTests.Tool.Path)!, "SignalStreams.Tool.exe"));

    private readonly string _folder = Directory.CreateTempSubdirectory("tool").FullName;
    private readonly List<SupervisedProcess> _started = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        WindowsPrograms.Require();
        Assert.SkipUnless(File.Exists(Program), $"NOT RUN: there is no {Program}.");
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("--version", "0.1.0")]
    [InlineData("--help", "Starts the programs of a file in order")]
    [InlineData("watch --help", "How it ends")]
    [InlineData("run --help", "Exit codes")]
    [InlineData("stop --help", "Plans")]
    [InlineData("launch --help", "launch")]
    [InlineData("send --list", "SIGBREAK\n   SIGKILL")]
    [InlineData("completion pwsh", "Register-ArgumentCompleter")]
    public async Task What_only_prints_prints_and_ends_with_0(string arguments, string expected)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send --group TERM 4", "--tree")]
    [InlineData("stop --group 4", "--tree")]
    [InlineData("send USR1 4", "SIGUSR1 does not exist on this platform")]
    [InlineData("watch USR1", "SIGUSR1 does not exist on this platform")]
    [InlineData("run --subreaper -- x", "--subreaper")]
    [InlineData("run --ready-file x --ready-fd 3 -- x", "--ready-fd")]
    public async Task What_Windows_does_not_have_is_refused_and_the_refusal_says_so(string arguments, string expected)
    {
        var (code, _, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(259)]
    [InlineData(-1)]
    [InlineData(unchecked((int)0xC000013A))]
    public async Task Run_passes_the_whole_exit_code_on(int code) =>
        Assert.Equal(code, (await RunAsync("run", "--", WindowsPrograms.Child, "exit", code.ToString(CultureInfo.InvariantCulture))).Code);

    [Fact]
    public async Task Run_passes_arguments_and_variables_on_and_says_what_cannot_be_started()
    {
        Assert.Equal((0, "a \"b\\\0", ""), await RunAsync("run", "--", WindowsPrograms.Child, "args", "a \"b\\"));
        Assert.Equal((0, "x y\n", ""), await RunAsync("run", "--env", "SS_A=x y", "--", WindowsPrograms.Child, "env", "SS_A"));
        Assert.Equal(127, (await RunAsync("run", "--", "no-such-program")).Code);
        Assert.Equal(127, (await RunAsync("run", "--", @"C:\no such\a.exe")).Code);
        Assert.Equal(125, (await RunAsync("run", "--cwd", @"C:\no such", "--", WindowsPrograms.Child, "exit", "0")).Code);
    }

    [Fact]
    public async Task Control_C_reaches_the_child_of_run_once_and_its_code_is_that_of_run()
    {
        var deaf = await StartAsync("run", "-v", "--", WindowsPrograms.Child, "deaf");
        var child = WindowsPrograms.IdOf(await LineAsync(deaf, "ready "));
        Type(deaf);
        await LineAsync(deaf, "event 0");
        WindowsSystem.Terminate(child);
        Assert.Equal(1, (await EndAsync(deaf)).Code);
        Assert.DoesNotContain("event 0", await RestAsync(deaf));

        var polite = await StartAsync("run", "--", WindowsPrograms.Child, "wait");
        await LineAsync(polite, "ready ");
        Type(polite);
        Assert.Equal(40, (await EndAsync(polite)).Code);
    }

    [Fact]
    public async Task Closed_console_ends_the_child_of_run()
    {
        var tool = await StartAsync("run", "--grace", "500ms", "--", WindowsPrograms.Child, "tree", "2");
        int[] family = [WindowsPrograms.IdOf(await LineAsync(tool, "ready ")), WindowsPrograms.IdOf(await LineAsync(tool, "ready "))];
        // Asked by Ctrl-Break, which Wine refuses.
        var code = WindowsSystem.IsWine ? -1 : WindowsSystem.EndedByEvent;
        Assert.Equal([code, code, code], await CloseConsoleAsync(tool, family));
    }

    [Fact]
    public async Task Closed_console_asks_the_window_of_the_child_to_close()
    {
        var tool = await StartAsync("run", "--", WindowsPrograms.Child, "window");
        var window = WindowsPrograms.IdOf(await LineAsync(tool, "ready "));
        Assert.Equal([7, 7], await CloseConsoleAsync(tool, window));
    }

    [Fact]
    public async Task Nobody_outlives_run_when_it_is_killed()
    {
        var tool = await StartAsync("run", "--", WindowsPrograms.Child, "tree", "3");
        int[] family = [WindowsPrograms.IdOf(await LineAsync(tool, "ready ")), WindowsPrograms.IdOf(await LineAsync(tool, "ready ")), WindowsPrograms.IdOf(await LineAsync(tool, "ready "))];
        WindowsSystem.Terminate(tool.Id);
        await WindowsPrograms.AssertGoneAsync(family);
    }

    [Fact]
    public async Task Run_starts_a_child_that_fails_again()
    {
        var (code, _, error) = await RunAsync("run", "--restart", "on-failure", "--max-restarts", "2", "--backoff", "10ms", "--", WindowsPrograms.Child, "exit", "3");
        Assert.Equal(3, code);
        Assert.Equal(2, error.Split('\n').Count(line => line.EndsWith("started again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Send_and_stop_reach_a_process_and_say_how_it_came_out()
    {
        var child = await StartOtherAsync("wait");
        var id = child.Id.ToString(CultureInfo.InvariantCulture);
        var (code, _, error) = await RunAsync("send", "HUP", id);
        Assert.Equal(5, code);
        Assert.Contains("Windows cannot send", error, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await RunAsync("send", "INT", id));
        Assert.Equal(40, (await child.Completion.WaitAsync(WindowsPrograms.Limit, Cancellation)).Code);
        Assert.Equal(3, (await RunAsync("send", "INT", id)).Code);

        child = await StartOtherAsync("wait");
        id = child.Id.ToString(CultureInfo.InvariantCulture);
        (code, var output, error) = await RunAsync("stop", id, "--plan", "INT:20s");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("exit code 40", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("stop", id)).Code);
    }

    [Fact]
    public async Task Stop_kills_what_does_not_end_and_leaves_the_neighbour_alone()
    {
        var neighbour = Start(WindowsPrograms.Info("answer"));
        using var witness = new WindowsWitness(neighbour.StandardInput, neighbour.StandardOutput);
        _ = await Task.Run(witness.Ready, Cancellation).WaitAsync(WindowsPrograms.Limit, Cancellation);
        var child = await StartOtherAsync("deaf");
        var (code, output, _) = await RunAsync("stop", child.Id.ToString(CultureInfo.InvariantCulture), "--plan", "INT:300ms,KILL", "--json");
        Assert.Equal(6, code);
        Assert.Contains("\"result\":\"killed\"", output, StringComparison.Ordinal);
        await Task.Run(witness.Ask, Cancellation).WaitAsync(WindowsPrograms.Limit, Cancellation);
        Assert.Equal((0, "", ""), await RunAsync("send", "INT", neighbour.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal("event 0", await Task.Run(witness.End, Cancellation).WaitAsync(WindowsPrograms.Limit, Cancellation));
        Assert.Equal(0, (await CompletionOf(neighbour)).Code);

        child = await StartOtherAsync("deaf");
        Assert.Equal((0, "", ""), await RunAsync("send", "KILL", child.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(-1, (await CompletionOf(child)).Code);
    }

    [Fact]
    public async Task Stop_closes_a_window_and_ends_a_tree()
    {
        var window = await StartOtherAsync("window");
        Assert.Equal(0, (await RunAsync("stop", window.Id.ToString(CultureInfo.InvariantCulture))).Code);
        Assert.Equal(7, (await window.Completion.WaitAsync(WindowsPrograms.Limit, Cancellation)).Code);

        using var foreign = Process.Start(WindowsPrograms.Info("tree", "3"))!;
        var family = new List<int>();
        while (family.Count < 3)
        {
            family.Add(WindowsPrograms.IdOf(await foreign.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(WindowsPrograms.Limit, Cancellation)));
        }

        Assert.Equal(6, (await RunAsync("stop", "--tree", "--plan", "KILL", foreign.Id.ToString(CultureInfo.InvariantCulture))).Code);
        await WindowsPrograms.AssertGoneAsync(family);

        var (code, _, error) = await RunAsync("stop", "--tree", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(2, code);
        Assert.Contains("descends from it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_prints_what_arrives_and_ends_with_the_second_Control_C()
    {
        var tool = await StartAsync("watch");
        await LineAsync(tool, "ready");
        WindowsSystem.Raise(tool.Id, WindowsSystem.ControlBreak);
        Assert.Contains("SIGBREAK from console", await LineAsync(tool, ""), StringComparison.Ordinal);
        Type(tool);
        Assert.Contains("SIGINT from console", await LineAsync(tool, ""), StringComparison.Ordinal);
        Type(tool);
        Assert.Equal(0, (await EndAsync(tool)).Code);
    }

    [Fact]
    public async Task Launch_starts_all_and_Control_C_stops_in_the_reverse_order()
    {
        var file = await WriteAsync(Task_("first", "farewell"), Task_("second", "farewell", "depends-on: [first]"));
        var tool = await StartAsync("launch", file, "--log-dir", Path.Combine(_folder, "logs"));
        var ids = (await LinesAsync(tool, "[first] ready ", "[second] ready ")).ConvertAll(IdIn);
        Type(tool);
        var rest = await RestAsync(tool);
        Assert.Equal(0, (await EndAsync(tool)).Code);
        Assert.Equal(["[second] end", "[first] end"], rest.Where(line => line.EndsWith(" end", StringComparison.Ordinal)));
        await WindowsPrograms.AssertGoneAsync(ids);

        var logs = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "logs")));
        Assert.Equal($"ready {ids[0]}\nend\n", await File.ReadAllTextAsync(Path.Combine(logs, "first.log"), Cancellation));
        Assert.Equal($"ready {ids[1]}\nend\n", await File.ReadAllTextAsync(Path.Combine(logs, "second.log"), Cancellation));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(logs, "first.stderr.log"), Cancellation));
    }

    [Fact]
    public async Task Closed_console_stops_a_launch_and_a_killed_launch_leaves_nobody()
    {
        // The first is asked when the second has ended: a launch that is ended before leaves it unasked.
        var file = await WriteAsync(Task_("first", "wait"), Task_("second", "tree 2", "depends-on: [first]"));
        var tool = await StartAsync("launch", file, "--no-logs");
        var tasks = await TaskIdsAsync(tool);
        var codeOfPlain = WindowsSystem.IsWine ? 0 : WindowsSystem.EndedByEvent;
        Assert.Equal([0, 40, codeOfPlain, codeOfPlain], await CloseConsoleAsync(tool, tasks));

        tool = await StartAsync("launch", file, "--no-logs");
        tasks = await TaskIdsAsync(tool);
        WindowsSystem.Terminate(tool.Id);
        await WindowsPrograms.AssertGoneAsync(tasks);

        static async Task<int[]> TaskIdsAsync(SupervisedProcess tool) =>
            [.. (await LinesAsync(tool, "[first] ready ", "[second] ready ", "[second] ready ")).Select(IdIn)];
    }

    [Fact]
    public async Task Launch_says_what_failed_and_where_the_usual_logs_are()
    {
        var file = await WriteAsync(Task_("only", "exit 4", "quit-on-terminate: true"));
        var info = Info("launch", file);
        info.Environment["LOCALAPPDATA"] = _folder;
        var tool = Start(info);
        var rest = await RestAsync(tool);
        Assert.Equal(4, (await EndAsync(tool)).Code);
        // The folder of the user's own; whoever else may read it is said by the list of that folder, which is inherited.
        var logs = rest.Single(line => line.Contains("logs are in ", StringComparison.Ordinal)).Split("logs are in ")[1];
        Assert.StartsWith(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), logs, StringComparison.OrdinalIgnoreCase);
        Directory.Delete(logs, recursive: true);
    }

    // What is typed at a console all get who are on it.
    private static void Type(SupervisedProcess tool) => Assert.Equal(
        ConsoleHelperResult.Sent, new WindowsProcessApi().RunConsoleHelper(new(tool.Id, ConsoleEvent.ControlC, Group: 0, Environment.ProcessId, ConsoleHelperCall.Everybody)));

    // As the system closes it: it waits for the handlers of the tool alone, since its children are on other consoles, and ends the tool then. The codes of all.
    private static async Task<List<int?>> CloseConsoleAsync(SupervisedProcess tool, params int[] children)
    {
        var opened = new List<IWindowsProcess>();
        try
        {
            foreach (var child in children)
            {
                Assert.Equal(WindowsError.None, new WindowsProcessApi().Open(child, out var process));
                opened.Add(process!);
            }

            await WindowsSystem.EndByAsync(tool.Id, WindowsSystem.Close);
            var (code, _) = await EndAsync(tool);
            await Task.WhenAll(opened.Select(process => process.Exited)).WaitAsync(WindowsPrograms.Limit, Cancellation);
            return [code, .. opened.Select(process => process.ExitCode)];
        }
        finally
        {
            opened.ForEach(process => process.Dispose());
        }
    }

    private static string Task_(string name, string words, string more = "") =>
        $"  - name: {name}\n    program: '{WindowsPrograms.Child}'\n    args: [{string.Join(", ", words.Split(' '))}]\n{(more.Length == 0 ? "" : $"    {more}\n")}";

    private static int IdIn(string line) => int.Parse(line.Split("ready ")[1], CultureInfo.InvariantCulture);

    private static ProcessStartInfo Info(params string[] arguments) =>
        new(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    // The first line that contains a text, in either stream.
    private static async Task<string> LineAsync(SupervisedProcess process, string text) => (await LinesAsync(process, text))[0];

    // A line for each text, in whatever order they come: who is started later may print earlier.
    private static async Task<List<string>> LinesAsync(SupervisedProcess process, params string[] texts)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(WindowsPrograms.Limit);
        var found = new string?[texts.Length];
        var seen = new List<string>();
        try
        {
            await foreach (var line in process.ReadLinesAsync(limit.Token))
            {
                seen.Add(line.Text);
                var open = Enumerable.Range(0, texts.Length).Where(i => found[i] is null).ToList();
                var which = open.FindIndex(i => line.Text.Contains(texts[i], StringComparison.Ordinal));
                if (which < 0)
                {
                    continue;
                }

                found[open[which]] = line.Text;
                if (open.Count == 1)
                {
                    return [.. found.OfType<string>()];
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        throw new InvalidOperationException($"'{string.Join("', '", texts)}' should have been printed; this was: {string.Join(" | ", seen)}");
    }

    private static async Task<List<string>> RestAsync(SupervisedProcess process) => [.. (await WindowsPrograms.LinesAsync(process)).Select(line => line.Text)];

    private static Task<ProcessExitStatus> CompletionOf(SupervisedProcess process) => process.Completion.WaitAsync(WindowsPrograms.Limit, Cancellation);

    private static async Task<(int Code, bool IsSuccess)> EndAsync(SupervisedProcess process)
    {
        var status = await CompletionOf(process);
        return (status.ShellCode, status.IsSuccess);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var process = Start(Info(arguments));
        process.StandardInput.Close();
        using var output = new StreamReader(process.StandardOutput);
        using var error = new StreamReader(process.StandardError);
        var both = await Task.WhenAll(output.ReadToEndAsync(Cancellation), error.ReadToEndAsync(Cancellation)).WaitAsync(WindowsPrograms.Limit, Cancellation);
        var (code, _) = await EndAsync(process);

        // A process that Wine has lost: said in full, it is known by (SignalStreams.WineTests).
        Assert.True(code != CannotStart, $"What is there could not be started: {both[1]}");
        return (code, both[0], both[1]);
    }

    private Task<SupervisedProcess> StartAsync(params string[] arguments) => Task.FromResult(Start(Info(arguments)));

    private SupervisedProcess Start(ProcessStartInfo info)
    {
        var process = SupervisedProcess.Start(info);
        _started.Add(process);
        return process;
    }

    private async Task<SupervisedProcess> StartOtherAsync(params string[] arguments)
    {
        var process = await WindowsPrograms.StartReadyAsync(arguments);
        _started.Add(process);
        return process;
    }

    private async Task<string> WriteAsync(params string[] tasks)
    {
        var path = Path.Combine(_folder, "launch.yaml");
        await File.WriteAllTextAsync(path, $"name: test\ntasks:\n{string.Concat(tasks)}", Cancellation);
        return path;
    }
}
