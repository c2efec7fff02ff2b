using System.Globalization;

namespace SignalStreams.Processes.Tests;

/// <summary>Foreign parents that start their next child as soon as one has ended, asked to end.</summary>
public sealed class NewbornTests
{
    private const string Shells = "exec 2>/dev/null; sh -c 'sh -c \"sleep 1000 & echo ready; wait; sleep 301; sleep 302\"; sleep 303; sleep 304'; sleep 305; sleep 306";

    private const string Python = """
        import os, time
        isFirst = True
        while True:
            child = os.fork()
            if child == 0:
                time.sleep(1000)
                os._exit(0)
            if isFirst: print('ready', flush=True)
            isFirst = False
            os.waitpid(child, 0)
        """;

    // Starts a shell, in a group of its own or not, and tells all that a parent can see of it. A line is one write: the shell writes there too.
    private const string Watcher = """
        import ctypes, os, sys
        if sys.argv[1] == 'sudo': ctypes.CDLL(None).prctl(15, b'sudo', 0, 0, 0)
        child = os.fork()
        if child == 0:
            if sys.argv[1] == 'job': os.setpgid(0, 0)
            os.execvp('sh', ['sh', '-c', 'sleep 1000 & echo ready; wait; sleep 301'])
        os.write(1, f'child {child}\n'.encode())
        while True:
            status = os.waitpid(child, os.WUNTRACED)[1]
            if os.WIFSTOPPED(status): os.write(1, b'saw it stopped\n')
            else: break
        os.write(1, f'saw it end by {os.WTERMSIG(status)}\n'.encode())
        """;

    private static readonly StopPlan Ask = StopPlan.Send(SIGTERM, TestChild.Limit);

    // Without the freeze each of them lost one in every second or fifth stop.
    [Theory]
    [InlineData("sh", Shells, false)]
    [InlineData("bash", Shells, false)]
    [InlineData("python3", Python, false)]
    [InlineData("sh", Shells, true)]
    [InlineData("python3", Python, true)]
    public async Task Nobody_who_is_born_in_the_last_moment_of_a_parent_is_left(string program, string script, bool isOwnSession)
    {
        var givenUp = 0;
        for (var i = 0; i < 20; i++)
        {
            string[] command = [Programs.Require(program), "-c", script];
            using var child = isOwnSession ? TestChild.Start(command) : TestChild.StartInOurGroup(command);
            await child.ExpectAsync("ready");
            var outcome = await StopAsync(ProcessTarget.Tree(child.Process), Ask);
            Assert.True(outcome.Result == StopResult.Graceful, outcome.ToString());
            if (!IsGivenUp(outcome) || ++givenUp > 2)
            {
                Assert.True(child.Family().Count == 0, $"Stop {i} should have left nobody: {string.Join(", ", child.Family())}.");
            }
        }
    }

    // One by one each lost one in every third stop.
    [Theory]
    [InlineData("sh", "sleep 1000 & echo ready; wait; sleep 301")]
    [InlineData("sh", Shells)]
    [InlineData("python3", Python)]
    public async Task Nobody_of_a_group_is_left_who_is_born_in_the_last_moment_of_its_leader(string program, string script)
    {
        var givenUp = 0;
        for (var i = 0; i < 20; i++)
        {
            using var child = TestChild.Start(Programs.Require(program), "-c", script);
            await child.ExpectAsync("ready");
            var outcome = await StopAsync(ProcessTarget.Group(child.Id), Ask);
            Assert.True(outcome.Result == StopResult.Graceful, outcome.ToString());
            if (!IsGivenUp(outcome) || ++givenUp > 2)
            {
                Assert.True(child.Family().Count == 0, $"Stop {i} should have left nobody: {string.Join(", ", child.Family())}.");
            }
        }
    }

    [Fact]
    public async Task A_group_that_is_stopped_is_continued_and_told_once()
    {
        const string Counter = "import signal,time\ndef told(s,f): print('told',flush=True)\nsignal.signal(signal.SIGTERM,told)\nprint('ready',flush=True)\nwhile True: time.sleep(0.02)";
        using var child = TestChild.Start(Programs.Require("python3"), "-c", Counter);
        await child.ExpectAsync("ready");
        ProcessSignal.Send(child.Id, SIGSTOP);
        await Until.TrueAsync(() => ProcessList.StateOf(child.Id) == 'T', "the child should stop");
        var outcome = await StopAsync(ProcessTarget.Group(child.Id), StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(700)));
        Assert.Equal(StopResult.StillAlive, outcome.Result);
        await child.ExpectAsync("told");
        Assert.Equal(1, child.Output.Split('\n').Count(line => line == "told"));
    }

    [Fact]
    public async Task Who_ignores_the_signal_is_not_left_stopped()
    {
        using var child = TestChild.StartInOurGroup("bash", "-c", "trap '' TERM; sh -c 'sleep 1000 & sleep 1001 & echo ready; wait' & wait");
        await child.ExpectAsync("ready");
        await child.FamilyAsync(4);
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(20)));
        Assert.Equal(StopResult.StillAlive, outcome.Result);
        Assert.Equal(4, child.Family().Count);
        Assert.All(child.Family(), id => Assert.NotEqual('T', ProcessList.StateOf(id)));
    }

    [Fact]
    public async Task Who_was_stopped_is_continued_and_cleans_up()
    {
        // Short sleeps: Python calls a handler between two of its own instructions, so for a signal that comes right before a sleep it does so after it.
        using var child = TestChild.StartInOurGroup(Programs.Require("python3"), "-c", "import signal,time,os\nsignal.signal(signal.SIGTERM,lambda s,f: os._exit(8))\nprint('ready',flush=True)\nwhile True: time.sleep(0.02)");
        await child.ExpectAsync("ready");
        ProcessSignal.Send(child.Id, SIGSTOP);
        await Until.TrueAsync(() => ProcessList.StateOf(child.Id) == 'T', "the child should stop");
        Assert.Equal(StopResult.Graceful, (await StopAsync(ProcessTarget.Tree(child.Process), Ask)).Result);
        await child.EndedAsync();
        Assert.Equal(8, child.Process.ExitCode);
    }

    [Theory]
    [InlineData("job")]
    [InlineData("sudo")]
    public async Task A_parent_that_would_stop_with_its_child_does_not_see_it_stopped(string kind)
    {
        using var parent = TestChild.StartInOurGroup(Programs.Require("python3"), "-c", Watcher, kind);
        var root = await ReadyAsync(parent);
        var outcome = await StopAsync(ProcessTarget.Tree(root), Ask);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Equal(15, await parent.ExpectNumberAsync("saw it end by "));
        Assert.DoesNotContain("saw it stopped", parent.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("job", false)]
    [InlineData("sudo", false)]
    public async Task Who_is_frozen_depends_on_what_its_parent_makes_of_it(string kind, bool expected)
    {
        using var parent = TestChild.StartInOurGroup(Programs.Require("python3"), "-c", Watcher, kind);
        using var scope = new UnixProcessPlatform().Open(ProcessTarget.Tree(await ReadyAsync(parent)));
        Assert.NotEmpty(scope.Look());
        Assert.Equal(expected, scope.NeedsFreeze);
    }

    [Fact]
    public async Task Neither_a_session_nor_a_single_process_is_frozen()
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        foreach (var target in (ProcessTarget[])[ProcessTarget.Tree(child.Process), ProcessTarget.Process(child.Process)])
        {
            using var scope = new UnixProcessPlatform().Open(target);
            Assert.NotEmpty(scope.Look());
            Assert.False(scope.NeedsFreeze);
        }
    }

    private static async Task<int> ReadyAsync(TestChild parent)
    {
        await parent.ExpectAsync("ready");
        string? line = null;

        // Of two who print, either may be first.
        await Until.TrueAsync(() => (line = parent.Output.Split('\n')[..^1].FirstOrDefault(line => line.StartsWith("child ", StringComparison.Ordinal))) is not null, "the parent should tell of its child");
        return int.Parse(line![6..], CultureInfo.InvariantCulture);
    }

    // A freeze is given up after so long: on a machine that stands still meanwhile, not all have been seen by then.
    private static bool IsGivenUp(StopOutcome outcome) => outcome.Elapsed >= StopEngine.FreezeWithin;

    private static Task<StopOutcome> StopAsync(ProcessTarget target, StopPlan plan) =>
        GracefulStop.StopAsync(target, plan, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);
}
