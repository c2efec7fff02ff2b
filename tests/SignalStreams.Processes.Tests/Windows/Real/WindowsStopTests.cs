using System.Diagnostics;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Stop plans against real processes of Windows: the right one ends, and its siblings and this process live.</summary>
public sealed class WindowsStopTests : IAsyncLifetime
{
    private static readonly StopPlan Interrupt = StopPlan.Send(SIGINT, TimeSpan.FromSeconds(20));
    private static readonly StopPlan Kill = StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(20));

    private readonly List<SupervisedProcess> _children = [];
    private SupervisedProcess? _sibling;
    private WindowsWitness? _witness;

    public async ValueTask InitializeAsync()
    {
        WindowsPrograms.Require();
        _sibling = await StartAnyAsync("answer");
        _witness = new(_sibling.StandardInput, _sibling.StandardOutput);
        _ = await Task.Run(_witness.Ready).WaitAsync(WindowsPrograms.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children)
        {
            await child.DisposeAsync();
        }

        _witness?.Dispose();
    }

    [Fact]
    public async Task Console_child_that_knows_nothing_of_signals_is_ended_by_SIGINT()
    {
        var child = await StartAsync("plain");
        var outcome = await child.StopAsync(Interrupt);
        Assert.Equal((StopResult.Graceful, SIGINT), (outcome.Result, outcome.LastSignal));
        Assert.Empty(outcome.Failures);
        // Wine ends what does not handle an event with 0, and Windows with STATUS_CONTROL_C_EXIT.
        Assert.Equal(WindowsSystem.IsWine ? "exit code 0" : "SIGINT", outcome.ExitStatus.ToString());
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Console_child_that_handles_Control_C_ends_as_it_likes()
    {
        var child = await StartAsync("wait");
        Assert.Equal(40, (await child.StopAsync(Interrupt)).ExitStatus?.Code);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Console_child_is_asked_politely_by_Control_Break()
    {
        WindowsSystem.SkipUnderWine("it refuses CTRL_BREAK_EVENT (error 6).");
        var child = await StartAsync("wait");
        Assert.Equal(41, (await child.StopAsync(StopPlan.Default)).ExitStatus?.Code);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task One_that_ignores_everything_is_asked_again_and_killed_in_the_end()
    {
        var child = await StartAsync("deaf");
        var outcome = await child.StopAsync(StopPlan.Send(SIGINT, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1)).ThenKill());
        Assert.Equal((StopResult.Killed, SIGKILL, -1), (outcome.Result, outcome.LastSignal, outcome.ExitStatus?.Code));

        // Four are due; those that are late are left out.
        Assert.InRange((await WindowsPrograms.LinesAsync(child)).Count(line => line.Text == "event 0"), 2, 4);
        await AssertOthersLiveAsync();
    }

    [Theory]
    [InlineData("window")]
    [InlineData("message")]
    public async Task Windowed_child_is_asked_to_close(string kind)
    {
        var child = await StartAsync(kind);
        var outcome = await child.StopAsync();
        Assert.Equal((StopResult.Graceful, SIGTERM, 7), (outcome.Result, outcome.LastSignal, outcome.ExitStatus?.Code));
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Windowed_child_that_does_not_close_is_killed_and_another_window_lives()
    {
        var other = await StartAsync("deaf window");
        var child = await StartAsync("deaf window");
        var outcome = await child.StopAsync(StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(3)).ThenKill());
        Assert.Equal((StopResult.Killed, -1), (outcome.Result, outcome.ExitStatus?.Code));
        Assert.Contains("close", (await WindowsPrograms.LinesAsync(child)).Select(line => line.Text));
        WindowsSystem.EndMessages(other.Id);
        Assert.Equal(98, (await other.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
        Assert.Empty(await WindowsPrograms.LinesAsync(other));
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Tree_of_a_child_is_ended_by_one_event_and_no_member_is_reported_as_missed()
    {
        var (child, ids) = await StartFamilyAsync(4, "tree", "4");
        var outcome = await child.StopAsync(Interrupt);
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(outcome.Failures);
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Orphans_of_a_child_that_has_ended_are_still_told_and_stopped()
    {
        var (child, ids) = await StartFamilyAsync(1, "leave");
        await Until.TrueAsync(() => !WindowsPrograms.Lives(child.Id), "the child should end");
        Assert.Equal(SendOutcome.Sent, child.TrySendToGroup(SIGINT));
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Tree_of_somebody_else_is_killed_whole_and_nobody_beside_it()
    {
        using var foreign = Process.Start(WindowsPrograms.Info("tree", "4"))!;
        var ids = new List<int>();
        while (ids.Count < 4)
        {
            ids.Add(WindowsPrograms.IdOf(await foreign.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WindowsPrograms.Limit)));
        }

        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(foreign), Kill);
        Assert.Equal((StopResult.Killed, -1), (outcome.Result, outcome.ExitStatus?.Code));
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Tree_of_somebody_else_is_asked_by_its_root_and_who_could_not_be_asked_alone_is_named()
    {
        var (_, ids) = await StartFamilyAsync(3, "apart", "tree 3");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(ids[0]), Interrupt);
        Assert.Equal((StopResult.Graceful, SIGINT), (outcome.Result, outcome.LastSignal));
        Assert.Equal(
            [(ids[2], SendOutcome.NotDeliverable), (ids[1], SendOutcome.NotDeliverable)], outcome.Failures.Select(failure => (failure.Process.Id, failure.Outcome)));
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Tree_of_somebody_else_that_ignores_what_it_is_asked_is_killed()
    {
        var (child, ids) = await StartFamilyAsync(1, "apart", "deaf");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(ids[0]), StopPlan.Send(SIGINT, TimeSpan.FromSeconds(3)).ThenKill());
        Assert.Equal((StopResult.Killed, -1), (outcome.Result, outcome.ExitStatus?.Code));
        Assert.Empty(outcome.Failures);
        child.Kill();
        Assert.Equal(["event 0"], (await WindowsPrograms.LinesAsync(child)).Select(line => line.Text));
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Window_of_somebody_else_is_asked_to_close_where_a_tree_is_stopped()
    {
        var (_, ids) = await StartFamilyAsync(1, "apart", "window");
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(ids[0]));
        Assert.Equal((StopResult.Graceful, SIGTERM, 7), (outcome.Result, outcome.LastSignal, outcome.ExitStatus?.Code));
        Assert.Empty(outcome.Failures);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Root_alone_is_stopped_where_no_tree_was_asked_for()
    {
        using var foreign = Process.Start(WindowsPrograms.Info("tree", "2"))!;
        _ = await foreign.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var grandchild = WindowsPrograms.IdOf(await foreign.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WindowsPrograms.Limit));
        Assert.Equal(StopResult.Killed, (await GracefulStop.StopAsync(foreign, Kill)).Result);
        Assert.True(WindowsPrograms.Lives(grandchild));
        Assert.Equal(StopResult.Killed, (await SafeKill.KillAsync(grandchild, timeout: TimeSpan.FromMilliseconds(10))).Result);
        await WindowsPrograms.AssertGoneAsync([grandchild]);
    }

    [Fact]
    public async Task Second_call_hurries()
    {
        var child = await StartAsync("deaf");
        var first = child.StopAsync(StopPlan.Send(SIGINT, TimeSpan.FromMinutes(1)).ThenKill());
        var second = child.StopAsync();
        Assert.Equal((StopResult.Killed, StopResult.Killed), ((await first).Result, (await second).Result));
        Assert.True((await first).Elapsed < WindowsPrograms.Limit);
    }

    [Fact]
    public async Task Outcomes_are_told_apart()
    {
        var child = await StartAsync("plain");
        var target = ProcessTarget.Process(child.Id);
        Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(target, SIGHUP));
        Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(target, SIGUSR1));
        Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(target, SIGINT, value: 3));
        Assert.Contains("SIGBREAK", Assert.Throws<ProcessSignalException>(() => ProcessSignal.Send(target, CTRL_CLOSE_EVENT)).Message, StringComparison.Ordinal);
        Assert.Throws<PlatformNotSupportedException>(() => ProcessTarget.Group(child.Id));
        Assert.True(WindowsPrograms.Lives(child.Id));

        Assert.Equal(SendOutcome.Sent, ProcessSignal.TrySend(target, SIGKILL));
        await child.Completion.WaitAsync(WindowsPrograms.Limit);
        Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(target, SIGINT));
        Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(target, SIGKILL));
        Assert.Equal(StopResult.AlreadyGone, (await GracefulStop.StopAsync(target)).Result);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Program_without_a_console_and_without_a_window_is_not_deliverable()
    {
        // Started by the runtime where there is no console: it has none either.
        Assert.SkipUnless(new WindowsProcessApi().ConsoleProcesses().Count == 0, "NOT RUN: this process has a console.");
        using var foreign = Process.Start(WindowsPrograms.Info("window"))!;
        _ = await foreign.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WindowsPrograms.Limit);
        if (WindowsSystem.IsWine)
        {
            Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(foreign, SIGINT));
        }

        Assert.Equal(SendOutcome.Sent, ProcessSignal.TrySend(foreign, SIGTERM));
        Assert.Equal(7, await EndAsync(foreign));
    }

    [Fact]
    public async Task Foreign_program_with_a_console_of_its_own_is_reached_through_the_helper_and_its_neighbours_there_are_not_hit()
    {
        // Two on one console that is not ours: the parent may be told, which is all who are there; the child alone may not.
        var (_, ids) = await StartFamilyAsync(2, "tree", "2");
        Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(ids[1], SIGINT));
        Assert.All(ids, id => Assert.True(WindowsPrograms.Lives(id)));
        ProcessSignal.Send(ids[0], SIGINT);
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Events_that_are_sent_side_by_side_are_all_sent_and_arrive()
    {
        const int Senders = 4;
        var child = await StartAsync("deaf");
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => child.Send(SIGINT))));

        // One at least: under Wine fewer than were sent may arrive when they come together.
        Assert.Equal("event 0", await NextLineAsync(child));

        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Child_that_has_no_console_yet_is_waited_for()
    {
        for (var i = 0; i < 10; i++)
        {
            await using var child = SupervisedProcess.Start(WindowsPrograms.Info("plain"));

            // It says why when it cannot. An event that comes before the program has begun may be lost there, so its end is not waited for.
            child.Send(SIGINT);
            child.Kill();
            await child.Completion.WaitAsync(WindowsPrograms.Limit);
        }

        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Nested_job_of_a_child_is_no_way_out()
    {
        var (child, ids) = await StartFamilyAsync(3, "nested");
        child.Kill();
        await child.Completion.WaitAsync(WindowsPrograms.Limit);
        await WindowsPrograms.AssertGoneAsync(ids);
        await AssertOthersLiveAsync();
    }

    [Fact]
    public async Task Nobody_breaks_away_from_the_job()
    {
        var child = await StartAnyAsync("break away");
        Assert.Equal("refused 5", await NextLineAsync(child));
        Assert.Equal(5, (await child.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
    }

    private static async Task<string> NextLineAsync(SupervisedProcess child)
    {
        using var limit = new CancellationTokenSource(WindowsPrograms.Limit);
        await foreach (var line in child.ReadLinesAsync(limit.Token))
        {
            return line.Text;
        }

        return "";
    }

    private static async Task<int> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(WindowsPrograms.Limit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    private async Task<SupervisedProcess> StartAsync(params string[] arguments) => (await StartFamilyAsync(1, arguments)).Child;

    private Task<SupervisedProcess> StartAnyAsync(params string[] arguments)
    {
        var child = SupervisedProcess.Start(WindowsPrograms.Info(arguments));
        _children.Add(child);
        return Task.FromResult(child);
    }

    private async Task<(SupervisedProcess Child, List<int> Ids)> StartFamilyAsync(int count, params string[] arguments)
    {
        var family = await WindowsPrograms.StartFamilyAsync(count, arguments);
        _children.Add(family.Child);
        return family;
    }

    // That this line is reached says that the caller does.
    private async Task AssertOthersLiveAsync()
    {
        var said = await Task.Run(() =>
        {
            _witness!.Ask();
            _sibling!.Send(SIGINT);
            return _witness.End();
        }).WaitAsync(WindowsPrograms.Limit);
        Assert.Equal("event 0", said);
        Assert.Equal(0, (await _sibling!.Completion.WaitAsync(WindowsPrograms.Limit)).Code);
    }
}
