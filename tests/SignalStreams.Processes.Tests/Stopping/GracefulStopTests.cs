using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Processes.Tests;

public sealed class GracefulStopTests
{
    // Each forks a successor and ends, or goes on for a while: 20 at a time, two million in all if nobody stops them.
    private const string ForkBomb = """
        import os, signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        n = 0
        for i in range(20):
            if os.fork() == 0:
                for generation in range(100000):
                    if os.fork() > 0:
                        time.sleep(0.005)
                        os._exit(0)
                os._exit(0)
        print('ready', flush=True)
        time.sleep(1000)
        """;

    private const string DeafToTerm = "trap '' TERM; echo ready; while :; do sleep 1000 & wait; done";

    // Asks only.
    private static readonly StopPlan Ask = StopPlan.Send(SIGTERM, TestChild.Limit);
    private static readonly StopPlan AskBriefly = StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(100)).ThenKill(TestChild.Limit);
    private static readonly StopPlan Kill = StopPlan.Send(SIGKILL, TestChild.Limit);

    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Sleep_ends_by_the_signal(bool usesDescriptors)
    {
        using var child = await TestChild.SleepAsync();
        var outcome = await StopAsync(ProcessTarget.Process(child.Process), Ask, usesDescriptors);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Equal(SIGTERM, outcome.LastSignal);
        AssertGone(child);
        if (usesDescriptors && KernelTellsExit)
        {
            Assert.Equal(ProcessExitStatus.FromSignal(SIGTERM), outcome.ExitStatus);
            Assert.Matches($@"^process {child.Id} \(sleep\) ended \S+ s after SIGTERM: SIGTERM$", outcome.ToString());
        }
    }

    [Fact]
    public async Task A_trap_of_bash_chooses_the_code()
    {
        using var child = await TestChild.BashAsync("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        var outcome = await GracefulStop.StopAsync(child.Process, Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(3)), (outcome.Result, outcome.ExitStatus));
    }

    [Fact]
    public async Task A_code_above_128_is_told_from_a_signal()
    {
        Assert.SkipUnless(KernelTellsExit, "Before Linux 6.15 nobody tells how a process ended that has been reaped: the status is null there.");
        using var child = await TestChild.BashAsync("trap 'exit 143' TERM; echo ready; while :; do sleep 0.01; done");
        var outcome = await GracefulStop.StopAsync(child.Process, Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ProcessExitStatus.FromCode(143), outcome.ExitStatus);
    }

    [Fact]
    public async Task Python_ends_by_an_interrupt()
    {
        using var child = await TestChild.PythonAsync("import time\ntry:\n print('ready',flush=True)\n time.sleep(1000)\nexcept KeyboardInterrupt: raise SystemExit(5)");
        var outcome = await GracefulStop.StopAsync(child.Process, StopPlan.Send(SIGINT, TestChild.Limit), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(5)), (outcome.Result, outcome.ExitStatus));
    }

    [Fact]
    public async Task Node_ends_by_its_handler()
    {
        using var child = await TestChild.StartReadyAsync(Programs.Require("node"), "-e", "process.on('SIGTERM',()=>process.exit(6));setInterval(()=>{},1e6);console.log('ready')");
        var outcome = await GracefulStop.StopAsync(child.Process, Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(6)), (outcome.Result, outcome.ExitStatus));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task One_that_ignores_the_signal_is_killed(bool usesDescriptors)
    {
        using var child = await TestChild.StartReadyAsync("bash", "-c", "trap '' TERM INT; echo ready; exec sleep 1000");
        var outcome = await StopAsync(ProcessTarget.Process(child.Id), AskBriefly, usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.True(outcome.Elapsed >= TimeSpan.FromMilliseconds(100), $"Killed after {outcome.Elapsed}.");
        AssertGone(child);
    }

    [Fact]
    public async Task One_that_counts_its_interrupts_ends_by_the_third()
    {
        using var child = await TestChild.PythonAsync("import signal,time,os\nn=0\ndef h(s,f):\n global n\n n+=1\n if n==3: os._exit(7)\nsignal.signal(signal.SIGINT,h)\nprint('ready',flush=True)\nwhile True: time.sleep(1000)");
        var outcome = await GracefulStop.StopAsync(
            child.Process, StopPlan.Send(SIGINT, TestChild.Limit, TimeSpan.FromMilliseconds(30)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(7)), (outcome.Result, outcome.ExitStatus));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stopped_process_is_continued_and_cleans_up(bool usesDescriptors)
    {
        using var child = await TestChild.PythonAsync("import signal,time,os\nsignal.signal(signal.SIGTERM,lambda s,f: os._exit(8))\nprint('ready',flush=True)\nwhile True: time.sleep(1000)");
        ProcessSignal.Send(child.Id, SIGSTOP);
        await Until.TrueAsync(() => ProcessList.StateOf(child.Id) == 'T', "the child should stop");
        var outcome = await StopAsync(ProcessTarget.Process(child.Process), Ask, usesDescriptors);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(8)), (outcome.Result, outcome.ExitStatus));
    }

    [Fact]
    public async Task A_traced_process_ends()
    {
        var strace = Programs.Require("strace");
        using var child = await TestChild.SleepAsync();
        using var tracer = TestChild.Start(strace, "-f", "-o", "/dev/null", "-p", child.Id.ToString(CultureInfo.InvariantCulture));
        await Until.TrueAsync(() => File.ReadAllText($"/proc/{child.Id}/status").Contains($"TracerPid:\t{tracer.Id}", StringComparison.Ordinal), "strace should trace the child");
        var outcome = await GracefulStop.StopAsync(child.Process, AskBriefly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(outcome.IsGone && outcome.WasStopped, outcome.ToString());
        AssertGone(child);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_process_that_becomes_a_zombie_is_gone(bool usesDescriptors)
    {
        using var child = await TestChild.PythonAsync("import os,signal,time\np=os.fork()\nif p==0:\n time.sleep(1000)\nprint('child',p)\nprint('ready',flush=True)\ntime.sleep(1000)");
        var id = int.Parse(child.Output.Split('\n')[0][6..], CultureInfo.InvariantCulture);
        var outcome = await StopAsync(ProcessTarget.Process(id), Ask, usesDescriptors);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Null(outcome.ExitStatus);
        Assert.Equal('Z', ProcessList.StateOf(id));
    }

    [Fact]
    public async Task Another_users_process_is_not_permitted_and_the_stop_ends_at_once()
    {
        var setpriv = Programs.Require("setpriv");
        Assert.SkipUnless(Environment.UserName == "root", "Only root can start a sender of another user.");
        using var child = await TestChild.SleepAsync();

        // The sender is another user's: what pidfd_send_signal(2) and kill(2) answer it is what the library is told, by numbers of its own.
        using var sender = TestChild.Start(
            setpriv, "--reuid=65534", "--clear-groups", Programs.Require("python3"), "-c",
            $"import os,signal\ntry: signal.pidfd_send_signal(os.pidfd_open({child.Id}),15)\nexcept OSError as e: print('errno',e.errno,flush=True)");
        Assert.Equal(SendOutcome.NotPermitted, ProcessSender.OutcomeOf(await sender.ExpectNumberAsync("errno ")));
        Assert.False(child.Process.HasExited);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_tree_is_stopped_with_all_descendants(bool usesDescriptors)
    {
        using var child = await TestChild.BashAsync("bash -c 'bash -c \"sleep 1000 & sleep 1000 & echo ready; wait\" & wait' & wait");
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), Ask, usesDescriptors);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_deaf_tree_is_killed_with_all_descendants(bool usesDescriptors)
    {
        using var child = await TestChild.BashAsync($"trap '' TERM; bash -c \"{DeafToTerm}\" & wait");
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), AskBriefly, usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Fact]
    public async Task One_process_alone_leaves_its_children_alone()
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        await child.FamilyAsync(2);
        var outcome = await GracefulStop.StopAsync(child.Process, Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Single(child.Family());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_group_is_stopped_also_when_its_leader_has_ended(bool usesDescriptors)
    {
        using var child = await TestChild.BashAsync("sleep 1000 & sleep 1000 & echo ready; exit 0");
        await child.EndedAsync();
        await child.FamilyAsync(2);
        var outcome = await StopAsync(ProcessTarget.Group(child.Id), Ask, usesDescriptors);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_deaf_group_is_killed(bool usesDescriptors)
    {
        using var child = await TestChild.BashAsync(DeafToTerm);
        var outcome = await StopAsync(ProcessTarget.Group(child.Id), AskBriefly, usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Fact]
    public async Task An_orphan_in_the_session_of_the_root_belongs_to_its_tree()
    {
        using var child = await TestChild.BashAsync("(sleep 1000 & ) ; echo ready; exec sleep 1000");
        await Until.TrueAsync(() => child.Family() is { Count: 2 } family && family.All(IsSleep), "both should sleep");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child.Process), Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Fact]
    public async Task A_daemon_with_a_session_of_its_own_whose_parent_had_ended_is_not_found()
    {
        using var child = await TestChild.BashAsync("(setsid sleep 1000 & ) ; echo ready; exec sleep 1000");
        await Until.TrueAsync(() => child.Family() is { Count: 2 } family && family.All(IsSleep), "both should sleep");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child.Process), Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Graceful, outcome.Result);

        // The docs of ProcessTarget.Tree say so, and what finds it: SupervisedProcess.
        Assert.Single(child.Family());
    }

    [Fact]
    public async Task A_daemon_that_was_seen_before_its_parent_ended_is_stopped()
    {
        using var child = await TestChild.PythonAsync("""
            import os, signal, time
            def on_term(s, f): os._exit(0)
            p = os.fork()
            if p == 0:
                os.setsid()
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print('ready', flush=True)
                time.sleep(1000)
            time.sleep(1000)
            """);
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child.Process), AskBriefly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Fact]
    public async Task What_a_shell_starts_beside_the_root_in_its_group_is_not_of_its_tree()
    {
        // A pipeline: the first leads the group of the second, and neither is the other's child.
        using var child = await TestChild.BashAsync("set -m; sleep 1000 | sleep 1001 & echo first $(jobs -p); echo ready; wait");
        var first = int.Parse(child.Output.Split('\n')[0][6..], CultureInfo.InvariantCulture);
        await Until.TrueAsync(() => child.Family() is { Count: 3 } family && family.Count(IsSleep) == 2, "both should run");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(first), Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Equal(2, child.Family().Count);
    }

    [Fact]
    public async Task A_child_that_is_born_during_the_stop_is_caught()
    {
        using var child = await TestChild.PythonAsync("""
            import os, signal, time
            def on_term(s, f):
                if os.fork() == 0:
                    signal.signal(signal.SIGTERM, lambda s, f: os._exit(0))
                    while True: time.sleep(1000)
                while os.waitpid(-1, 0)[0] <= 0: pass
                os._exit(9)
            signal.signal(signal.SIGTERM, on_term)
            print('ready', flush=True)
            while True: time.sleep(1000)
            """);
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child.Process), Ask, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromCode(9)), (outcome.Result, outcome.ExitStatus));
        Assert.Empty(child.Family());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_thousand_processes_are_stopped_in_one_call(bool usesDescriptors)
    {
        using var child = await ThousandAsync();
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), Ask, usesDescriptors);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(child.Family());
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_thousand_processes_are_killed_in_one_call(bool usesDescriptors)
    {
        using var child = await ThousandAsync();
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), Kill, usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(child.Family());
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fork_bomb_that_shares_its_group_with_others_does_not_outrun_the_kill(bool usesDescriptors)
    {
        // Its group is that of the tests, so each has to be stopped and killed by itself. Nobody of it ends by himself: an orphan would not be found.
        using var child = TestChild.StartInOurGroup(Programs.Require("python3"), "-c", """
            import os, signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            for i in range(4):
                if os.fork() == 0:
                    for generation in range(400):
                        if os.fork() > 0:
                            break
                    time.sleep(1000)
            print('ready', flush=True)
            time.sleep(1000)
            """);
        await child.ExpectAsync("ready");
        var outcome = await StopAsync(ProcessTarget.Tree(child.Process), StopPlan.Send(SIGKILL, TestChild.Limit), usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        TestContext.Current.TestOutputHelper?.WriteLine($"{child.Family().Count} {outcome}");
        Assert.Empty(child.Family());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_fork_bomb_does_not_outrun_the_kill(bool isTree, bool usesDescriptors)
    {
        using var child = await TestChild.PythonAsync(ForkBomb);
        var target = isTree ? ProcessTarget.Tree(child.Process) : ProcessTarget.Group(child.Id);
        var outcome = await StopAsync(target, AskBriefly, usesDescriptors);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(child.Family());
    }

    [Fact]
    public async Task Stopping_again_escalates()
    {
        using var child = await TestChild.StartReadyAsync("bash", "-c", "trap '' TERM; echo ready; exec sleep 1000");
        var plan = StopPlan.Send(SIGTERM, Timeout.InfiniteTimeSpan).ThenKill(TestChild.Limit);
        var sent = new TaskCompletionSource();
        var one = GracefulStop.StopAsync(child.Process, plan, new Ring(sent), TestContext.Current.CancellationToken);
        await sent.Task.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        var two = GracefulStop.StopAsync(child.Id, plan, cancellationToken: TestContext.Current.CancellationToken);
        var outcome = await one.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Same(outcome, await two.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_tree_of_this_process_is_stopped_without_this_process()
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        var scope = new UnixProcessPlatform().Open(ProcessTarget.Tree(Environment.ProcessId));
        using (scope)
        {
            var found = scope.Look().Select(process => process.Id).ToList();
            Assert.DoesNotContain(Environment.ProcessId, found);
            Assert.Contains(child.Id, found);
        }

        // As the tests' own group has others in it, it is only looked at.
        using var group = new UnixProcessPlatform().Open(ProcessTarget.Group(UnixCalls.GroupOf(0)));
        Assert.DoesNotContain(Environment.ProcessId, group.Look().Select(process => process.Id));
        Assert.DoesNotContain(UnixCalls.GroupOf(0), group.Look().Select(process => process.Id));
    }

    [Fact]
    public async Task SafeKill_asks_waits_and_kills()
    {
        using var polite = await TestChild.SleepAsync();
        Assert.Equal(StopResult.Graceful, (await SafeKill.KillAsync(polite.Process, cancellationToken: TestContext.Current.CancellationToken)).Result);
        using var deaf = await TestChild.StartReadyAsync("bash", "-c", "trap '' TERM INT; echo ready; exec sleep 1000");
        var kept = await SafeKill.KillAsync(deaf.Id, SIGINT, TimeSpan.FromMilliseconds(50), force: false, TestContext.Current.CancellationToken);
        Assert.Equal((StopResult.StillAlive, SIGINT), (kept.Result, kept.LastSignal));
        Assert.Equal([deaf.Id], kept.Remaining.Select(process => process.Id));
        Assert.Equal(StopResult.Killed, (await SafeKill.KillAsync(deaf.Id, timeout: TimeSpan.FromMilliseconds(50), cancellationToken: TestContext.Current.CancellationToken)).Result);
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => { _ = SafeKill.KillAsync(deaf.Id, timeout: TimeSpan.Zero, cancellationToken: TestContext.Current.CancellationToken); });
    }

    [Fact]
    public async Task Starting_and_stopping_leaves_nothing_behind()
    {
        var cycles = int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_STOP_CYCLES"), out var given) ? given : 500;
        await CycleAsync(20);
        var platform = Assert.IsType<UnixProcessPlatform>(ProcessPlatform.Current);
        await Until.TrueAsync(() => !platform.Watcher.IsPolling && (!DescriptorWatcher.Current.IsRunning || DescriptorWatcher.Current.Count > 0), "the watcher should leave when it is idle");
        var zombies = ProcessList.ZombiesOf(Environment.ProcessId);
        var descriptors = ProcessList.Descriptors();
        await CycleAsync(cycles);
        await Until.TrueAsync(() => ProcessList.ZombiesOf(Environment.ProcessId) <= zombies, "no zombie should be left");
        await Until.TrueAsync(() => ProcessList.Descriptors() <= descriptors + 8, $"no descriptor should be left: {descriptors} before, {ProcessList.Descriptors()} now");
    }

    private static bool IsSleep(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").TrimEnd() == "sleep";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool KernelTellsExit => Environment.OSVersion.Version >= new Version(6, 15);

    private static async Task CycleAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var process = Process.Start(new ProcessStartInfo("sleep", "1000"))!;
            var outcome = await GracefulStop.StopAsync(i % 2 == 0 ? ProcessTarget.Process(process) : ProcessTarget.Tree(process), StopPlan.Default, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(StopResult.Graceful, outcome.Result);
            Assert.True(process.WaitForExit(TestChild.Limit));
            Assert.Null(ProcessPlatform.Current.Identify(process));
        }
    }

    private static Task<TestChild> ThousandAsync() => TestChild.PythonAsync("""
        import os, time
        r, w = os.pipe()
        for i in range(9):
            if os.fork() == 0:
                for j in range(110):
                    if os.fork() == 0:
                        os.write(w, b'.')
                        time.sleep(1000)
                os.write(w, b'.')
                time.sleep(1000)
        n = 0
        while n < 999: n += len(os.read(r, 4096))
        print('ready', flush=True)
        time.sleep(1000)
        """);

    private static Task<StopOutcome> StopAsync(ProcessTarget target, StopPlan plan, bool usesDescriptors) =>
        GracefulStop.StopAsync(new UnixProcessPlatform(usesDescriptors).Open(target), plan, null, TimeProvider.System, TestContext.Current.CancellationToken)
            .WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);

    private static void AssertGone(TestChild child) => Assert.True(ProcessList.StateOf(child.Id) is null or 'Z' or 'X', $"The child should have ended. {child.Output}");

    private sealed class Ring(TaskCompletionSource bell) : IProgress<StopStep>
    {
        public void Report(StopStep value) => bell.TrySetResult();
    }
}
