using System.Text;
using System.Xml.Linq;
using Spectre.Console;

namespace SignalStreams.Tool.Tests;

public sealed class LaunchPartsTests
{
    [Theory]
    [InlineData("a b  c", new[] { "a", "b", "c" })]
    [InlineData("", new string[0])]
    [InlineData("''", new[] { "" })]
    [InlineData("'a b'\"c d\"e", new[] { "a bc de" })]
    [InlineData("'a\\b' \"a\\\"b\\c\" a\\\"b", new[] { "a\\b", "a\"b\\c", "a\"b" })]
    [InlineData("a\\\nb\tc\nd", new[] { "ab", "c", "d" })]
    [InlineData("a\\", new[] { "a\\" })]
    [InlineData("$(rm) `x` ~ *", new[] { "$(rm)", "`x`", "~", "*" })]
    public void A_line_splits_as_in_a_shell_and_expands_nothing(string line, string[] words) => Assert.Equal(words, CommandLineSplitter.Split(line, isWindows: false));

    [Fact]
    public void Backslashes_of_Windows_are_parts_of_paths() => Assert.Equal(["C:\\a\\b", "c\"d"], CommandLineSplitter.Split("C:\\a\\b c\\\"d", isWindows: true));

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("export A = b c ", "b c")]
    [InlineData("A=b#c #d", "b#c")]
    [InlineData("A=", "")]
    [InlineData("A='a\\n\"$' # x", "a\\n\"$")]
    [InlineData("A=\"a\\n\\\"\\$\\x\"", "a\n\"$\\x")]
    [InlineData("A=b=c\r", "b=c")]
    public void A_line_of_an_env_file_gives_a_value(string line, string value)
    {
        var errors = new SchemaErrors("e");
        Assert.Equal(new("A", value), Assert.Single(EnvironmentFile.Parse($"# no\n\n{line}\n", "e", errors)));
        Assert.False(errors.Any);
    }

    [Theory]
    [InlineData("web", "web")]
    [InlineData("../../etc/passwd", "_._.._etc_passwd")]
    [InlineData("..", "_")]
    [InlineData("", "_")]
    [InlineData(".hidden", "_hidden")]
    [InlineData("a/b\\c:d\n", "a_b_c_d_")]
    [InlineData("con", "_con")]
    [InlineData("größe 1", "größe 1")]
    public void A_name_becomes_one_that_stays_in_its_folder(string name, string expected) => Assert.Equal(expected, LogNames.Of(name));

    [Fact]
    public void No_two_names_share_a_file()
    {
        var names = LogNames.OfAll(["a/b", "a_b", "A_B", "x", "x.stderr"]);
        Assert.Equal(5, names.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.NotEqual("x.stderr", names["x.stderr"]);
        Assert.True(Encoding.UTF8.GetByteCount(LogNames.Of(new string('\u00e4', 1000))) <= 200);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("a\e]0;title\ab", "ab")]
    [InlineData("a\e]8;;http://x\e\\b", "ab")]
    [InlineData("a\ec\eb", "a")]
    [InlineData("a\rb\u0008c", "a\u00b7b\u00b7c")]
    [InlineData("\u202eabc\u2028", "\u00b7abc\u00b7")]
    [InlineData("\u009b31m", "\u00b731m")]
    [InlineData("\ud83d\ude00 x", "\ud83d\ude00 x")]
    [InlineData("x\e", "x")]
    [InlineData("x\e[12", "x")]
    public void Nothing_in_a_line_moves_a_cursor(string text, string safe) => Assert.Equal(safe, SafeText.Line(text));

    [Fact]
    public void A_table_fits_every_terminal()
    {
        TaskView[] tasks =
        [
            .. Enumerable.Range(0, 40).Select(i => new TaskView($"task\u4e2d\u6587{i}", (LaunchState)(i % 9), "", i, i, TimeSpan.FromHours(i), new string('\u4e2d', 300), null)),
            new("stuck", LaunchState.Stopping, "", 1, 0, TimeSpan.Zero, "", new TaskStopView(SIGINT, 3, SIGKILL, TimeSpan.FromSeconds(12), [new ProcessIdentity { Id = 1, Name = "bash" }])),
        ];
        foreach (var (width, height) in from width in (int[])[1, 2, 5, 10, 20, 30, 40, 60, 80, 132, 300] from height in (int[])[1, 2, 3, 4, 5, 10, 24, 100] select (width, height))
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(new StringWriter()) });
            console.Profile.Width = width;
            console.Write(TaskTable.Draw("demo", tasks, true, width, height));
            var lines = console.Profile.Out.Writer.ToString()!.TrimEnd('\n').Split('\n');
            Assert.True(lines.Length <= Math.Max(1, height), $"{width}x{height}: {lines.Length} lines");
            Assert.All(lines, line => Assert.True(CellText.Cells(line.TrimEnd('\r')) <= width, $"{width}x{height}: {line}"));
            if (width >= 20)
            {
                Assert.Contains("stopping", string.Join('\n', lines), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_stop_shows_its_countdown_and_who_holds_it_up()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(new StringWriter()) });
        console.Profile.Width = 120;
        console.Write(TaskTable.Draw("demo", [new("stuck", LaunchState.Stopping, "", 7, 0, TimeSpan.FromSeconds(61), "x", new TaskStopView(SIGINT, 3, SIGKILL, TimeSpan.FromSeconds(11.2), [new ProcessIdentity { Id = 7, Name = "bash" }]))], true, 120, 20));
        var text = console.Profile.Out.Writer.ToString()!;
        Assert.Contains("SIGINT x3, SIGKILL in 12 s: waiting for 7 (bash)", text, StringComparison.Ordinal);
        Assert.Contains("stopping, 12 s: held up by stuck", text, StringComparison.Ordinal);
        Assert.Contains("0:01:01", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, "SIGINT x3, SIGKILL in 12", "pid")]
    [InlineData(80, "SIGINT x3, SIGKILL in 12 s: wa", "restarts")]
    [InlineData(120, "SIGINT x3, SIGKILL in 12 s: waiting for 7 (bash)", "uptime")]
    public void In_a_narrow_terminal_the_countdown_goes_before_restarts_and_uptime(int width, string countdown, string lastColumn)
    {
        var lines = Draw(width, isStopping: true, new("a-task-with-a-name-of-30-letters", LaunchState.Stopping, "", 7, 0, TimeSpan.FromSeconds(61), "x", new TaskStopView(SIGINT, 3, SIGKILL, TimeSpan.FromSeconds(11.2), [new ProcessIdentity { Id = 7, Name = "bash" }])));
        Assert.Contains(countdown, lines[1], StringComparison.Ordinal);
        Assert.Matches($"{lastColumn} +last line", lines[0]);
    }

    [Theory]
    [InlineData(nameof(LaunchState.Running), false, "demo: Ctrl-C stops")]
    [InlineData(nameof(LaunchState.Running), true, "stopping")]
    [InlineData(nameof(LaunchState.Ended), true, "demo: over")]
    [InlineData(nameof(LaunchState.Failed), false, "demo: over")]
    [InlineData(nameof(LaunchState.NotStarted), true, "demo: over")]
    public void The_last_line_of_the_table_says_whether_it_goes_on(string state, bool isStopping, string footer) =>
        Assert.Equal(footer, Draw(80, isStopping, new TaskView("a", Enum.Parse<LaunchState>(state), "", null, 0, null, "", null))[^1].TrimEnd());

    private static string[] Draw(int width, bool isStopping, TaskView task)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(new StringWriter()) });
        console.Profile.Width = width;
        console.Write(TaskTable.Draw("demo", [task], isStopping, width, 20));
        return console.Profile.Out.Writer.ToString()!.TrimEnd('\n').Split('\n');
    }

    [Fact]
    public void A_timeline_is_drawn_whatever_the_names_are()
    {
        var timeline = new LaunchTimeline(
            "<b>&\u0001", TimeSpan.FromSeconds(17), [new(TimeSpan.Zero, "SIGINT from pid 1"), new(TimeSpan.FromSeconds(2), "SIGINT")],
            [
                new("a<", TimeSpan.Zero, TimeSpan.FromSeconds(1), TaskFate.Ended, ProcessExitStatus.FromCode(0), [new(TimeSpan.Zero, SIGINT)]),
                new("b", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(16), TaskFate.Killed, ProcessExitStatus.FromSignal(SIGKILL), []),
                new("c", null, null, TaskFate.NotStarted, null, []),
                new("d", TimeSpan.FromSeconds(1), null, TaskFate.StillAlive, null, []),
            ]);
        var svg = XDocument.Parse(TimelineSvg.Draw(timeline).ToString());
        Assert.Equal(["ended", "waiting", "killed", "waiting", "alive"], svg.Descendants().Where(element => element.Name.LocalName == "rect").Skip(1).Select(element => (string)element.Attribute("class")!));
        Assert.Contains("prefers-color-scheme: dark", svg.ToString(), StringComparison.Ordinal);
        var verdict = timeline.ToShutdownTimeline().Verdict!;
        Assert.Contains("child 'b (SIGKILL)' was given up after 15 s", verdict, StringComparison.Ordinal);
        Assert.Contains("child 'd' still runs", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_once_and_takes_no_line_away()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("There is no /dev/full.");
        }

        var launch = new FakeLaunch();
        LaunchTask[] tasks = [FakeLaunch.Task("a"), FakeLaunch.Task("b")];
        using var logs = new LaunchLogs(tasks, (_, _) => new TaskLog(Full(), Full()), launch);
        foreach (var task in tasks.Concat(tasks))
        {
            await logs.LineAsync(task, new OutputLine("x"u8.ToArray(), false, true, 1), false, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["a: x", "b: x", "a: x", "b: x"], launch.Lines);
        Assert.Contains("the tasks go on", Assert.Single(launch.Messages), StringComparison.Ordinal);

        static FileStream Full() => new("/dev/full", FileMode.Open, FileAccess.Write);
    }

    [Fact]
    public async Task Plain_lines_have_the_name_before_them_and_are_not_mixed_with_what_others_write()
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        LaunchTask[] tasks = [FakeLaunch.Task("a"), FakeLaunch.Task("b")];
        var display = new PlainDisplay(tasks, output, error, false, false, false, TimeProvider.System);
        display.Start(null!, _ => { });
        await Line(0, "one"u8, true);
        await Line(0, "\xFF long"u8, false);
        await Line(0, " line"u8, true);
        await Line(0, "cut"u8, false);
        await Line(1, "two"u8, true);
        await Line(1, "no end"u8, false);
        await Line(1, "err"u8, true, isError: true);
        await display.DisposeAsync();
        Assert.Equal("[a] one\n[a] \u00c3\u00bf long line\n[a] cut\n[b] two\n[b] no end\n", Encoding.Latin1.GetString(output.ToArray()));
        Assert.Equal("[b] err\n", Encoding.Latin1.GetString(error.ToArray()));

        ValueTask Line(int task, ReadOnlySpan<byte> text, bool isComplete, bool isError = false) =>
            display.LineAsync(tasks[task], new OutputLine(text.ToArray(), isError, isComplete, 1), false, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Nothing_of_a_file_moves_the_cursor_of_whoever_reads_its_errors()
    {
        var errors = new SchemaErrors("e\e[2J.yaml");
        Assert.Null(LaunchFileReader.Parse("tasks: [{name: a, \"k\\e[2J\": 1, \"k\\e[2J\": 2, program: sh, cwd: \"/n\\eco\"}]", "e.yaml", "/", null, new Dictionary<string, string> { ["PATH"] = "/bin" }, errors)?.LogFolder);
        Assert.True(errors.Any);
        Assert.All(errors.All, error => Assert.DoesNotContain('\e', error.ToString()));
    }

    [Fact]
    public void A_log_folder_is_made_by_this_launch_or_not_used()
    {
        var root = Directory.CreateTempSubdirectory("logs").FullName;
        try
        {
            var time = new ManualTime();
            var first = LogFolder.Create(root, "a", time);
            Assert.Equal($"{first}-2", LogFolder.Create(root, "a", time));

            // A link of somebody else's, to where there is nothing yet.
            File.CreateSymbolicLink($"{first}-3", Path.Combine(root, "elsewhere"));
            Assert.Equal($"{first}-4", LogFolder.Create(root, "a", time));
            Assert.False(Directory.Exists(Path.Combine(root, "elsewhere")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab\u2026")]
    [InlineData("ab\u4e2d\u6587", 4, "ab\u2026")]
    [InlineData("\u4e2d\u6587", 3, "\u4e2d\u2026")]
    [InlineData("abc", 1, "\u2026")]
    [InlineData("abc", 0, "")]
    public void A_text_is_cut_before_half_of_a_wide_character(string text, int width, string cut) => Assert.Equal(cut, CellText.Cut(text, width));

    [Fact]
    public void A_task_pauses_as_long_as_its_file_says_before_each_restart()
    {
        var task = FakeLaunch.Task("a") with { Restart = RestartWhen.OnFailure, RestartBackoff = TimeSpan.FromSeconds(7), MaxRestarts = 3, RestartWindow = TimeSpan.FromMinutes(2) };
        var policy = SupervisedStarter.PolicyOf(task);
        Assert.Equal(
            (RestartWhen.OnFailure, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7), 1d, 0d, 3, TimeSpan.FromMinutes(2)),
            (policy.When, policy.Backoff, policy.MaxBackoff, policy.BackoffFactor, policy.Jitter, policy.MaxRestarts!.Value, policy.ResetAfter));
        Assert.Equal(RestartWhen.OnFailure, SupervisedStarter.PolicyOf(task with { QuitOnTerminate = true }).When);
        Assert.Equal(RestartWhen.Never, SupervisedStarter.PolicyOf(task with { QuitOnTerminate = true, Restart = RestartWhen.Always }).When);
    }
}
