using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Output, arguments, environment, folder, exit codes and restarts with real processes of Windows.</summary>
public sealed class WindowsSupervisionTests : IDisposable
{
    private static readonly string[] Nasty =
    [
        "", " ", "\t", "plain", "two words", "trailing\\", "trailing space\\", @"\\server\share name\", "\"", "\\\"", "\\\\\"", "a\"b\\\"c", "\"quoted\"", "''", "%PATH%", "!x!",
        "a&b|c>d<e^f", "(g)", "*.*", "-x=\"y z\"", "new\nline", "carriage\rreturn", "é ü 漢字 \U0001F600", "a\\\\b", "\\", "\\\\", " \\", "--", "/?", "@file", ";,=", "\u00a0", new('x', 8000),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("supervised é ").FullName;

    public WindowsSupervisionTests() => WindowsPrograms.Require();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("args")]
    [InlineData("shell args")]
    public async Task Arguments_arrive_exactly(string reader)
    {
        var text = Encoding.UTF8.GetString(await OutputAsync(WindowsPrograms.Info([reader, .. Nasty])));
        Assert.Equal(Nasty, text.Split('\0')[..^1]);
    }

    [Fact]
    public async Task Environment_arrives_exactly()
    {
        var info = WindowsPrograms.Info("environment");
        info.Environment.Clear();
        Dictionary<string, string?> given = new() { ["SystemRoot"] = Environment.GetEnvironmentVariable("SystemRoot"), ["SS_A"] = "1=2 \"x\" é", ["ss_b"] = "b", ["Z"] = new('z', 9000) };
        foreach (var (name, value) in given)
        {
            info.Environment[name] = value;
        }

        var entries = Encoding.UTF8.GetString(await OutputAsync(info)).Split('\0')[..^1];
        // Wine adds what it needs itself.
        Assert.Equal(
            given.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal),
            entries.Where(entry => given.ContainsKey(entry.Split('=')[0]) || !WindowsSystem.IsWine).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(entries, entry => entry.StartsWith("PATH=", StringComparison.OrdinalIgnoreCase) && !WindowsSystem.IsWine);
    }

    [Fact]
    public async Task Folder_is_the_given_one_and_one_that_is_gone_is_an_error_that_says_so()
    {
        var info = WindowsPrograms.Info("folder");
        info.WorkingDirectory = _folder;
        Assert.Equal(_folder, Encoding.UTF8.GetString(await OutputAsync(info)).TrimEnd('\n', '\\'));
        info.WorkingDirectory = Path.Combine(_folder, "gone");
        Assert.Contains("gone", Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(info)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_is_found_in_the_path_that_the_child_gets_and_a_missing_one_is_named()
    {
        File.Copy(WindowsPrograms.Child, Path.Combine(_folder, "tool.v1.exe"));
        foreach (var name in (string[])["tool.v1", "tool.v1.exe"])
        {
            var info = new ProcessStartInfo(name, ["exit", "4"]);
            info.Environment["PATH"] = _folder;
            Assert.Equal(4, (await SupervisedProcess.RunAsync(info)).Code);
        }

        var e = Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo("no-such-program")));
        Assert.Contains("no-such-program", e.Message, StringComparison.Ordinal);
        Assert.Equal(WindowsError.FileNotFound, e.NativeErrorCode);
        Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo(_folder)));
    }

    [Fact]
    public void File_that_is_no_program_is_an_error_that_says_so()
    {
        var file = Path.Combine(_folder, "text.exe");
        File.WriteAllText(file, "no program");
        Assert.Contains("text.exe", Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_file_gets_what_it_cannot_misread_and_nothing_else()
    {
        var file = Path.Combine(_folder, "script.cmd");
        await File.WriteAllTextAsync(file, "@echo [%~1] [%~2]\r\n", TestContext.Current.CancellationToken);
        var info = new ProcessStartInfo(file, ["two words", "x"]) { RedirectStandardOutput = true };
        Assert.Equal("[two words] [x]", Encoding.UTF8.GetString(await OutputAsync(info)).Trim());
        Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo(file, ["%PATH%"])));
        Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo(file, ["\"&calc"])));
    }

    [Fact]
    public async Task Every_byte_arrives_in_both_directions()
    {
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), await OutputAsync(WindowsPrograms.Info("bytes")));

        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        await using var copy = SupervisedProcess.Start(WindowsPrograms.Info("copy"));
        using var output = new MemoryStream();
        var reading = copy.StandardOutput.CopyToAsync(output, TestContext.Current.CancellationToken);
        await copy.StandardInput.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(WindowsPrograms.Limit);
        await copy.StandardInput.DisposeAsync();
        await reading.WaitAsync(WindowsPrograms.Limit);
        Assert.Equal(bytes, output.ToArray());
    }

    [Fact]
    public async Task Line_of_ten_megabytes_is_one_line()
    {
        await using var child = SupervisedProcess.Start(WindowsPrograms.Info("line", "10000000"));
        Assert.Equal(10_000_000, Assert.Single(await WindowsPrograms.LinesAsync(child)).Bytes.Length);
    }

    [Fact]
    public async Task Both_streams_are_told_apart()
    {
        await using var child = SupervisedProcess.Start(WindowsPrograms.Info("both"));
        Assert.Equal([("err", true), ("out", false)], (await WindowsPrograms.LinesAsync(child)).Select(line => (line.Text, line.IsError)).Order());
    }

    [Fact]
    public async Task Grandchild_that_keeps_the_pipe_does_not_hold_up_the_end()
    {
        await using var child = SupervisedProcess.Start(WindowsPrograms.Info("leave"), new SupervisedProcessOptions { Leftovers = LeftoverPolicy.Keep });
        var grandchild = 0;
        await foreach (var line in child.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            grandchild = WindowsPrograms.IdOf(line.Text);
            break;
        }

        Assert.Empty(await WindowsPrograms.LinesAsync(child));
        Assert.Equal(5, (await child.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
        Assert.True(WindowsPrograms.Lives(grandchild));
        await child.DisposeAsync();
        await WindowsPrograms.AssertGoneAsync([grandchild]);
    }

    [Fact]
    public async Task Leftovers_are_killed_when_the_child_has_ended()
    {
        await using var child = SupervisedProcess.Start(WindowsPrograms.Info("leave"));
        var lines = await WindowsPrograms.LinesAsync(child);
        Assert.Equal(5, (await child.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
        await WindowsPrograms.AssertGoneAsync(lines.Select(line => WindowsPrograms.IdOf(line.Text)));
    }

    [Theory]
    [InlineData(0, "exit code 0")]
    [InlineData(3, "exit code 3")]
    [InlineData(259, "exit code 259")]
    [InlineData(-1, "exit code -1")]
    [InlineData(unchecked((int)0xC0000005), "exit code -1073741819")]
    [InlineData(unchecked((int)0xC000013A), "SIGINT")]
    public async Task Exit_codes_are_whole_and_that_of_Control_C_is_a_signal(int code, string text)
    {
        var status = await SupervisedProcess.RunAsync(new ProcessStartInfo(WindowsPrograms.Child, ["exit", code.ToString(CultureInfo.InvariantCulture)]));
        Assert.Equal((text, code), (status.ToString(), status.ShellCode));
        Assert.Equal(code == 0, status.IsSuccess);
    }

    [Fact]
    public async Task Child_that_fails_is_started_again_and_given_up()
    {
        var options = new SupervisedProcessOptions { Restart = RestartPolicy.OnFailure with { Backoff = TimeSpan.FromMilliseconds(10), MaxRestarts = 2 } };
        await using var child = SupervisedProcess.Start(WindowsPrograms.Info("exit", "3"), options);
        Assert.Equal(3, (await child.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
        Assert.Equal(2, child.Restarts);
    }

    [Fact]
    public async Task Token_stops_a_child_by_its_plan()
    {
        using var stopping = new CancellationTokenSource();
        var options = new SupervisedProcessOptions { StopPlan = StopPlan.Send(SIGINT, WindowsPrograms.Limit) };
        var line = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SupervisedProcess.RunAsync(WindowsPrograms.Info("wait"), said =>
        {
            line = said.Text;
            stopping.Cancel();
        }, options, stopping.Token));
        await WindowsPrograms.AssertGoneAsync([WindowsPrograms.IdOf(line)]);
    }

    private static async Task<byte[]> OutputAsync(ProcessStartInfo info)
    {
        await using var child = SupervisedProcess.Start(info);
        using var bytes = new MemoryStream();
        await child.StandardOutput.CopyToAsync(bytes, TestContext.Current.CancellationToken).WaitAsync(WindowsPrograms.Limit);
        Assert.Equal(0, (await child.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
        return bytes.ToArray();
    }
}
