using System.Globalization;

namespace SignalStreams.Tool.Tests;

public sealed class RunTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(143)]
    public async Task Exit_code_is_the_childs(int code)
    {
        using var run = ToolTests.Tool.Start("run", "--", "sh", "-c", $"exit {code}");
        await run.AssertEndsAsync(code);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    [InlineData("SEGV")]
    [InlineData("PIPE")]
    [InlineData("RTMIN+2")]
    public async Task Signal_that_ended_the_child_ends_the_tool(string signal)
    {
        using var run = ToolTests.Tool.Start("run", "--", "bash", "-c", $"kill -{signal} $$");
        await run.AssertEndsAsync(ShutdownSignals.Parse(signal));
    }

    [Theory]
    [InlineData(127, "no-such-program-anywhere")]
    [InlineData(127, "/no/such/program")]
    [InlineData(126, "/etc/passwd")]
    [InlineData(126, "/")]
    public async Task Program_that_cannot_be_started_ends_as_in_a_shell(int code, string program)
    {
        var end = await ToolTests.Tool.RunAsync("run", "--", program);

        Assert.Equal((code, ""), (end.Code, end.Output));
        Assert.Contains(program, end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_folder_is_125()
    {
        var end = await ToolTests.Tool.RunAsync("run", "--cwd", "/no/such/folder", "--", "true");

        Assert.Equal(125, end.Code);
        Assert.Contains("/no/such/folder", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_environment_and_folder_arrive_exactly()
    {
        var end = await ToolTests.Tool.RunAsync(
            "run", "-C", "/usr", "-E", "X= a=b ", "--", "sh", "-c", "printf '<%s>' \"$@\" \"$X\" \"$PWD\"", "sh", "", "@x", "--", "--help", "-v", "[x]", "a  b", "$(id)", "ü");

        Assert.Equal("<><@x><--><--help><-v><[x]><a  b><$(id)><ü>< a=b ></usr>", end.Output);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("ALRM")]
    [InlineData("WINCH")]
    [InlineData("CONT")]
    public async Task Signal_is_forwarded(string name)
    {
        using var run = await ReadyAsync("run", "--", "bash", "-c", $"trap 'echo got {name}; exit 5' {name}; echo ready; while :; do sleep 0.05; done");

        run.Send(ShutdownSignals.Parse(name));

        await run.ExpectAsync($"got {name}");
        await run.AssertEndsAsync(5);
    }

    [Fact]
    public async Task Value_of_a_real_time_signal_is_forwarded()
    {
        using var run = await ReadyAsync("run", "--", ToolTests.Tool.Path, "watch", "--count", "1");

        Assert.True(run.Queue(ShutdownSignals.Parse("RTMIN+5"), 99));

        await run.ExpectAsync(line => line.Contains("SIGRTMIN+5 from", StringComparison.Ordinal) && line.EndsWith("value 99", StringComparison.Ordinal));
        await run.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Rewritten_signal_is_another_and_dropped_one_is_none()
    {
        using var run = await ReadyAsync("run", "-r", "TERM:USR1", "--rewrite", "HUP:0", "--", "bash", "-c",
            "trap 'echo got HUP' HUP; trap 'echo got USR1; exit 0' USR1; echo ready; while :; do sleep 0.05; done");

        run.Send(SIGHUP);
        run.Send(SIGTERM);

        await run.AssertEndsAsync(0);
        Assert.Contains("got USR1", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("got HUP", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropped_SIGTERM_begins_nothing_however_often_it_comes()
    {
        using var run = await ReadyAsync("run", "--verbose", "--rewrite", "15:0", "--restart", "on-failure", "--backoff", "0", "--", "bash", "-c",
            "trap 'echo got TERM' TERM; trap 'exit 7' USR1; trap 'exit 0' USR2; echo ready; while :; do sleep 0.05; done");

        for (var i = 0; i < 4; i++)
        {
            run.Send(SIGTERM);
            await run.ExpectAsync(line => line.Contains("SIGTERM", StringComparison.Ordinal) && line.EndsWith("dropped", StringComparison.Ordinal));
        }

        // Restarts go on too.
        run.Send(SIGUSR1);
        await run.ExpectAsync("ready");
        run.Send(SIGUSR2);
        await run.AssertEndsAsync(0);
        Assert.DoesNotContain("got TERM", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--plan", "INT:1s,KILL")]
    [InlineData("--grace", "1s")]
    [InlineData("--no-escalation")]
    public async Task Dropped_SIGTERM_and_what_it_would_begin_exclude_each_other(params string[] option)
    {
        var end = await ToolTests.Tool.RunAsync(["run", "--rewrite", "TERM:0", .. option, "--", "echo", "started"]);

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.Contains($"which begins what {option[0]} describes", end.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await ToolTests.Tool.RunAsync(["run", "--rewrite", "TERM:0", "--ready-file", "/", .. option, "--", "true"])).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Group_gets_it_only_when_asked_for(bool toGroup)
    {
        const string Script = "trap 'echo outer' USR1; trap 'kill $!; exit 0' USR2; bash -c 'trap \"echo inner\" USR1; echo ready; while :; do sleep 0.05; done' & while :; do sleep 0.05; done";
        using var run = await ReadyAsync(toGroup ? ["run", "--group", "--", "bash", "-c", Script] : ["run", "--", "bash", "-c", Script]);

        run.Send(SIGUSR1);
        await (toGroup ? run.ExpectAllAsync("inner", "outer") : run.ExpectAsync("outer"));
        run.Send(SIGUSR2);
        await run.WaitForExitAsync();

        Assert.Equal(toGroup, run.Output.Contains("inner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Child_that_ignores_SIGTERM_is_killed_after_the_grace_with_its_descendants()
    {
        using var run = await ReadyAsync("run", "--grace", "200ms", "--", "bash", "-c", "trap '' TERM; setsid sleep 1000 & echo ready; wait; sleep 1000");

        run.Send(SIGTERM);

        // Its output is at its end when nobody is left who holds it.
        await run.AssertEndsAsync(SIGKILL);
        Assert.Contains("has not ended in time", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_is_followed_on_SIGTERM()
    {
        using var run = await ReadyAsync("run", "--plan", "USR1:100ms,USR2:1h", "--", "bash", "-c",
            "trap 'echo one' USR1; trap 'echo two; exit 9' USR2; echo ready; while :; do sleep 0.05; done");

        run.Send(SIGTERM);

        await run.ExpectAsync("one");
        await run.ExpectAsync("two");
        await run.AssertEndsAsync(9);
    }

    [Fact]
    public async Task Without_escalation_SIGTERM_is_forwarded_each_time()
    {
        using var run = await ReadyAsync("run", "--no-escalation", "--", "bash", "-c", "n=0; trap 'n=$((n+1)); echo $n; ((n < 3)) || exit 0' TERM; echo ready; while :; do sleep 0.05; done");

        foreach (var count in new[] { "1", "2", "3" })
        {
            run.Send(SIGTERM);
            await run.ExpectAsync(count);
        }

        await run.AssertEndsAsync(0);
    }

    [Theory]
    [InlineData("exit 7", 0)]
    [InlineData("kill -TERM $$", 0)]
    [InlineData("exit 8", 8)]
    public async Task Expected_code_becomes_0(string script, int code)
    {
        using var run = ToolTests.Tool.Start("run", "-e", "7", "-e", "143", "--", "sh", "-c", script);
        await run.AssertEndsAsync(code);
    }

    [Fact]
    public async Task Failing_child_is_started_again_as_often_as_allowed()
    {
        var end = await ToolTests.Tool.RunAsync("run", "--restart", "on-failure", "--max-restarts", "2", "--backoff", "0", "--", "sh", "-c", "echo run; exit 4");

        Assert.Equal(4, end.Code);
        Assert.Equal("run\nrun\nrun\n", end.Output);
        Assert.Equal(2, end.Error.Split('\n').Count(line => line.Contains("; starting again in ", StringComparison.Ordinal)));
        Assert.Equal(2, end.Error.Split('\n').Count(line => line.EndsWith(" started again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Child_that_succeeded_is_not_started_again_on_failure()
    {
        var end = await ToolTests.Tool.RunAsync("run", "--restart", "on-failure", "--", "sh", "-c", "echo run");

        Assert.Equal((0, "run\n"), (end.Code, end.Output));
    }

    [Fact]
    public async Task SIGTERM_ends_the_restarts()
    {
        using var run = await ReadyAsync("run", "--restart", "always", "--backoff", "0", "--", "bash", "-c", "echo ready; exec sleep 1000");

        run.Send(SIGTERM);

        await run.AssertEndsAsync(SIGTERM);
        Assert.Single(run.Output.Split('\n'), line => line.TrimEnd() == "ready");
    }

    [Fact]
    public async Task SIGTERM_during_the_pause_ends_it()
    {
        using var run = ToolTests.Tool.Start("run", "--restart", "always", "--backoff", "1h", "--", "sh", "-c", "exit 6");
        await run.ExpectAsync(line => line.Contains("starting again", StringComparison.Ordinal));

        run.Send(SIGTERM);

        await run.AssertEndsAsync(6);
    }

    [Fact]
    public async Task Readiness_is_told_by_a_line_feed()
    {
        var end = await ToolTests.Tool.RunOtherAsync("bash", "-c", """
            folder=$(mktemp -d)
            "$1" run --ready-file "$folder/ready" --ready-fd 1 -- sh -c "printf before; touch $folder/ready; read -r line < $folder/never 2>/dev/null; sleep 0.5; echo after"
            rm -r "$folder"
            """, "bash", ToolTests.Tool.Path);

        Assert.Equal("before\nafter\n", end.Output);
    }

    [Fact]
    public async Task Child_that_is_not_ready_in_time_is_stopped_with_124()
    {
        using var run = ToolTests.Tool.Start("run", "--ready-tcp", "localhost:1", "--ready-timeout", "200ms", "--", "sleep", "1000");
        await run.AssertEndsAsync(124);
    }

    [Theory]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("exit 3", 3)]
    public async Task Process_1_ends_with_the_childs_code_or_128_and_its_signal(string script, int code)
    {
        using var unshare = await ToolTests.Tool.StartAsInitAsync("run", "--", "sh", "-c", script);
        await unshare.AssertEndsAsync(code);
    }

    [Fact]
    public async Task Process_1_leaves_no_zombie()
    {
        using var unshare = await ToolTests.Tool.StartAsInitAsync("run", "--", "bash", "-c", """
            for i in {1..50}; do (setsid sh -c 'true & true & exit 0' &); done
            for i in {1..200}; do
                sleep 0.05
                zombies=$(cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z ')
                orphans=$(pgrep -cx true)
                [[ $zombies == 0 && $orphans == 0 ]] && break
            done
            echo zombies $zombies
            """);
        await unshare.ExpectAsync("zombies 0");
        await unshare.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Process_1_ends_its_child_on_SIGTERM()
    {
        using var unshare = await ToolTests.Tool.StartAsInitAsync("run", "--", "bash", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await unshare.ExpectAsync("ready");

        unshare.SendToInit(SIGTERM);

        await unshare.ExpectAsync("bye");
        await unshare.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Child_stops_and_continues_with_the_tool()
    {
        using var run = await ReadyAsync("run", "--", "bash", "-c", "trap 'echo continued' CONT; echo ready; while :; do sleep 0.05; done");
        var child = (await ToolTests.Tool.RunOtherAsync("bash", "-c", "pgrep -P $(pgrep -P $1)", "bash", run.Id.ToString(CultureInfo.InvariantCulture))).Output.Trim();

        run.Send(SIGTSTP);
        await run.UntilAsync(() => StateOf(child) == 'T' && StateOf(run.Id.ToString(CultureInfo.InvariantCulture)) == 'T', "stop");
        run.Send(SIGCONT);

        await run.ExpectAsync("continued");
    }

    [Fact]
    public async Task Child_on_a_terminal_gets_its_Ctrl_C_alone()
    {
        using var run = ToolTests.Tool.StartOnTerminal(new Dictionary<string, string>(), "run", "--", "bash", "-c", "trap 'echo interrupted; exit 4' INT; echo ready; while :; do sleep 0.05; done");
        await run.ExpectAsync("ready");

        run.Type("\u0003");

        await run.ExpectAsync(line => line.EndsWith("interrupted", StringComparison.Ordinal));
        await run.AssertEndsAsync(4);
        Assert.Single(run.Output.Split('\n'), line => line.Contains("interrupted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_Z_stops_child_and_tool_and_fg_continues_both()
    {
        using var shell = ToolTests.Tool.StartOtherOnTerminal("bash", "--norc", "--noprofile", "--noediting", "-i");
        shell.Type($"PS1=; {ToolTests.Tool.Path} run -- bash -c 'echo rea''dy; read -r line; echo \"got $line\"'\n");
        await shell.ExpectAsync(line => line.EndsWith("ready", StringComparison.Ordinal));

        shell.Type("\u001a");
        await shell.ExpectAsync(line => line.Contains("Stopped", StringComparison.Ordinal));
        shell.Type("fg\n");
        shell.Type("hello\n");

        await shell.ExpectAsync(line => line.EndsWith("got hello", StringComparison.Ordinal));
        shell.Type("exit 0\n");
        await shell.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Shell_on_a_terminal_has_job_control()
    {
        using var run = ToolTests.Tool.StartOnTerminal(
            new Dictionary<string, string> { ["PS1"] = "", ["TERM"] = "dumb" }, "run", "--", "bash", "--norc", "--noprofile", "--noediting", "-i");
        run.Type("echo rea''dy\n");
        await run.ExpectAsync(line => line.EndsWith("ready", StringComparison.Ordinal));
        run.Type("sleep 1000\n");
        await run.UntilAsync(() => Sleeps(run.Id), "start sleep");
        run.Type("\u001a");
        // A shell that has a stopped job left does not exit at once.
        run.Type("jobs; echo sto''pped; kill -9 %1; wait -f %1; echo don''e\n");
        await run.ExpectAsync(line => line.Contains("Stopped", StringComparison.Ordinal));
        await run.ExpectAsync(line => line.EndsWith("done", StringComparison.Ordinal));
        Assert.DoesNotContain("no job control", run.Output, StringComparison.Ordinal);
        run.Type("exit 12\n");
        await run.AssertEndsAsync(12);
    }

    private static bool Sleeps(int process) => ChildProcess.ChildrenOf(process).Any(child =>
        Sleeps(child) || (File.Exists($"/proc/{child}/comm") && ReadOrEmpty($"/proc/{child}/comm") == "sleep\n"));

    private static char StateOf(string process) => ReadOrEmpty($"/proc/{process}/stat") is { Length: > 0 } stat ? stat[stat.LastIndexOf(')') + 2] : '?';

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<ChildProcess> ReadyAsync(params string[] arguments)
    {
        var tool = ToolTests.Tool.Start(arguments);
        return await tool.AfterAsync(started => started.ExpectAsync("ready"));
    }
}
