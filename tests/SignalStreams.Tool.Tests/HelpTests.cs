namespace SignalStreams.Tool.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_says_what_the_command_is_for()
    {
        var end = await ToolTests.Tool.RunAsync("--help");

        Assert.Equal(0, end.Code);
        Assert.Contains("Watch signals, send them, stop processes by a plan", end.Output, StringComparison.Ordinal);
        Assert.Empty(end.Error);
    }

    [Theory]
    [InlineData("watch", "--json")]
    [InlineData("send", "--value")]
    [InlineData("stop", "INT:15s/1s,TERM:5s,KILL")]
    [InlineData("run", "ENTRYPOINT")]
    [InlineData("completion", "~/.bashrc")]
    public async Task Help_of_a_command_has_examples(string command, string expected)
    {
        var end = await ToolTests.Tool.RunAsync(command, "--help");

        Assert.Equal(0, end.Code);
        Assert.Contains("Examples:\n", end.Output, StringComparison.Ordinal);
        Assert.Contains(expected, end.Output, StringComparison.Ordinal);
        Assert.Contains($"signalstreams {command}", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', end.Output);
    }

    [Fact]
    public async Task Version_is_a_number()
    {
        var end = await ToolTests.Tool.RunAsync("--version");

        Assert.Equal(0, end.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+", end.Output);
    }

    [Theory]
    [InlineData("sned", "Did you mean 'send'?")]
    [InlineData("send TERM", "No process id was given")]
    [InlineData("send TERM zero", "'zero' is no process id")]
    [InlineData("send NOPE 1", "'NOPE' names no signal")]
    [InlineData("send TERM 1 --group --tree", "exclude each other")]
    [InlineData("stop", "No process id was given")]
    [InlineData("stop 1 --plan TERM:4x", "wrong at column 6")]
    [InlineData("stop 1 --plan default --timeout 3s", "neither --signal nor --timeout")]
    [InlineData("stop 1 --timeout soon", "'soon' is no length of time")]
    [InlineData("watch KILL", "SIGKILL cannot be listened to")]
    [InlineData("watch --count 0", "--count must be 1 or more")]
    [InlineData("run", "No command was given")]
    [InlineData("run --rewrite TERM -- true", "is no rule for --rewrite")]
    [InlineData("run --no-such-option -- true", "--no-such-option")]
    [InlineData("run --ready-tcp nowhere -- true", "is no HOST:PORT")]
    [InlineData("run --env-file /nowhere -- true", "/nowhere")]
    [InlineData("completion tcsh", "tcsh")]
    public async Task Wrong_command_line_ends_with_2_and_a_hint_on_standard_error(string line, string expected)
    {
        var end = await ToolTests.Tool.RunAsync(line.Split(' '));

        Assert.Equal(2, end.Code);
        Assert.Contains(expected, end.Error, StringComparison.Ordinal);
        Assert.Contains("--help'.", end.Error, StringComparison.Ordinal);
        Assert.Empty(end.Output);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task Colours_come_on_a_terminal_unless_NO_COLOR_is_set(string noColor, bool isColoured)
    {
        using var tool = ToolTests.Tool.StartOnTerminal(new Dictionary<string, string> { ["NO_COLOR"] = noColor, ["TERM"] = "xterm" }, "send", "--help");
        await tool.AssertEndsAsync(0);

        Assert.Equal(isColoured, tool.Output.Contains("\e[1mUsage:", StringComparison.Ordinal));
        Assert.Contains("Usage:", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_nobody_reads_ends_it_quietly_by_SIGPIPE()
    {
        var end = await ToolTests.Tool.RunOtherAsync("python3", "-c", """
            import os, subprocess, sys
            read, write = os.pipe()
            os.close(read)
            tool = subprocess.run([sys.argv[1], 'send', '--list'], stdout=write, stderr=subprocess.PIPE)
            print(tool.returncode, tool.stderr)
            """, ToolTests.Tool.Path);

        Assert.Equal("-13 b''\n", end.Output);
    }
}
