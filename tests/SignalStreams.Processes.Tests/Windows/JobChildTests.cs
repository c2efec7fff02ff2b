namespace SignalStreams.Processes.Tests.Windows;

public sealed class JobChildTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeWindows _windows = new();
    private readonly FakeJob _job = new();
    private readonly WindowsGroupLeaders _leaders = new();
    private readonly FakeProcess _process;

    public JobChildTests()
    {
        _process = _windows.Add(100, FakeWindows.Us, 20);
        _windows.OnOurConsole.Add(100);
        _job.Members.Add(_process);
    }

    [Fact]
    public async Task It_is_gone_with_its_last_descendant_and_not_before()
    {
        var orphan = _windows.Add(101, 99, 21);
        _job.Members.Add(orphan);
        await using var child = Child();
        _process.End(3);
        Assert.Equal(3, (await child.Exit.WaitAsync(Limit, TestContext.Current.CancellationToken)).Code);
        Assert.False(child.Gone.IsCompleted);
        // The system does not say that the job is empty; the end of the orphan is seen all the same.
        orphan.End(0);
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_is_gone_at_once_when_nobody_is_left()
    {
        await using var child = Child();
        _process.End(0);
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Its_polite_signal_is_a_break_to_its_own_group()
    {
        await using var child = Child();
        Assert.Equal(SendOutcome.Sent, child.Send(SIGTERM, value: null));
        Assert.Equal(SendOutcome.Sent, child.SendToGroup(SIGBREAK));
        Assert.Equal(["ControlBreak to group 100", "ControlBreak to group 100"], _windows.Log);
    }

    [Fact]
    public async Task On_a_console_of_its_own_an_event_reaches_all_whoever_is_attached_there()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        Assert.Equal(SendOutcome.Sent, child.Send(SIGINT, value: null));
        Assert.Equal(SendOutcome.Sent, child.Send(SIGTERM, value: null));
        Assert.Equal(["helper 100 0 0 4 0", "helper 100 1 0 4 0"], _windows.Log);
        Assert.False(_leaders.Contains(child.Identity));
    }

    [Fact]
    public async Task On_our_console_and_in_our_group_nothing_is_sent_that_would_hit_us()
    {
        await using var child = Child(WindowsChildConsole.Shared);
        Assert.Equal(SendOutcome.NotDeliverable, child.Send(SIGINT, value: null).Outcome);
        Assert.Equal(SendOutcome.NotDeliverable, child.SendToGroup(SIGBREAK).Outcome);
        Assert.Empty(_windows.Log);
    }

    [Fact]
    public async Task A_console_event_to_a_whole_job_is_sent_once_in_each_round()
    {
        _windows.OnOurConsole.Clear();
        _job.Members.Add(_windows.Add(101, 100, 21));
        _job.Members.Add(_windows.Add(102, 99, 22));
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        for (var round = 0; round < 2; round++)
        {
            Assert.All(scope.Look(), member => Assert.Equal(SendOutcome.Sent, scope.Send(member, SIGINT)));
        }

        Assert.Equal(["helper 100 0 0 4 0", "helper 100 0 0 4 0"], _windows.Log);
    }

    [Fact]
    public async Task One_that_is_born_after_the_event_is_sent_it_when_nobody_is_left_who_had_it()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        Assert.Equal(SendOutcome.Sent, scope.Send(Assert.Single(scope.Look()), SIGINT));
        _job.Members.Add(_windows.Add(101, 100, 21));
        _job.Members.Add(_windows.Add(102, 101, 22));
        _process.End(0);
        Assert.Equal([(102, SendOutcome.Sent), (101, SendOutcome.Sent)], scope.Look().Select(newborn => (newborn.Id, scope.Send(newborn, SIGINT).Outcome)));
        Assert.Equal(["helper 100 0 0 4 0", "helper 101 0 0 4 0"], _windows.Log);
    }

    [Fact]
    public async Task One_that_is_born_after_the_event_is_sent_it_only_where_nobody_gets_it_twice()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        Assert.Equal(SendOutcome.Sent, scope.Send(Assert.Single(scope.Look()), SIGINT));
        var newborn = Born(101);
        _windows.HelperResult = new(ConsoleHelperResult.OthersAttached, "process 100 for one");
        var result = scope.Send(newborn, SIGINT);
        Assert.Equal(SendOutcome.NotDeliverable, result.Outcome);
        Assert.Equal(
            "it was born after the event was sent, and others than its descendants share its console, and a console event would hit them too (process 100 for one).", result.Reason);

        // Another that has a console of its own.
        _windows.HelperResult = ConsoleHelperResult.Sent;
        Assert.Equal(SendOutcome.Sent, scope.Send(Born(102), SIGINT));
        Assert.Equal(["helper 100 0 0 4 0", "helper 101 0 0 4 101", "helper 102 0 0 4 102"], _windows.Log);

        ProcessIdentity Born(int id)
        {
            _job.Members.Add(_windows.Add(id, 100, id));
            return scope.Look().Single(identity => identity.Id == id);
        }
    }

    [Fact]
    public async Task One_that_is_born_in_the_group_of_a_child_on_our_console_is_not_deliverable_and_we_are_not_hit()
    {
        await using var child = Child();
        using var scope = child.OpenStopScope();
        Assert.Equal(SendOutcome.Sent, scope.Send(Assert.Single(scope.Look()), SIGINT));
        _job.Members.Add(_windows.Add(101, 100, 21));
        _windows.OnOurConsole.Add(101);
        var result = scope.Send(scope.Look()[0], SIGINT);
        Assert.Equal(SendOutcome.NotDeliverable, result.Outcome);
        Assert.StartsWith("it was born after the event was sent, and it shares the console of this process", result.Reason, StringComparison.Ordinal);
        Assert.Equal(["ControlC to group 100"], _windows.Log);
    }

    [Fact]
    public async Task Stop_without_repeats_sends_to_one_that_is_born_between_looks()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(4)));
        await run.AdvanceAsync(0.1);
        var newborn = _windows.Add(101, 100, 21);
        _job.Members.Add(newborn);
        _process.End(0);
        await run.AdvanceAsync(0.3);
        Assert.Equal(["helper 100 0 0 4 0", "helper 101 0 0 4 0"], _windows.Log);
        newborn.End(0);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task Stop_names_one_that_is_born_between_looks_and_cannot_be_told_alone()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(4)).ThenKill());
        await run.AdvanceAsync(0.1);
        _job.Members.Add(_windows.Add(101, 100, 21));
        _windows.HelperResult = ConsoleHelperResult.OthersAttached;
        await run.AdvanceAsync(4);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        var failure = Assert.Single(outcome.Failures);
        Assert.Equal((101, SIGINT, SendOutcome.NotDeliverable), (failure.Process.Id, failure.Signal, failure.Outcome));
    }

    [Fact]
    public async Task Newborn_that_is_first_seen_at_an_attempt_is_told_with_the_others()
    {
        _windows.OnOurConsole.Clear();
        await using var child = Child(WindowsChildConsole.Own);
        using var scope = child.OpenStopScope();
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.15)));
        await run.AdvanceAsync(0.1);
        _job.Members.Add(_windows.Add(101, 100, 21));
        await run.AdvanceAsync(0.1);
        Assert.Equal(["helper 100 0 0 4 0", "helper 100 0 0 4 0"], _windows.Log);
        await run.AdvanceAsync(0.2);
        Assert.Empty((await run.OutcomeAsync()).Failures);
    }

    [Fact]
    public async Task Orphans_on_the_childs_console_are_told_when_the_child_has_ended()
    {
        _windows.OnOurConsole.Clear();
        _job.Members.Add(_windows.Add(102, 99, 22));
        await using var child = Child(WindowsChildConsole.Own);
        _process.End(0);
        Assert.Equal(SendOutcome.Sent, child.SendToGroup(SIGINT));
        Assert.Equal(["helper 102 0 0 4 0"], _windows.Log);
    }

    [Fact]
    public async Task What_came_of_a_console_event_holds_for_all_and_a_window_is_asked_itself()
    {
        _windows.ConsoleError = 6;
        _job.Members.Add(_windows.Add(101, 100, 21));
        _job.Members.Add(_windows.Add(103, 100, 23));
        _windows.WindowsOf[103] = [new(7, "Main", IsMessageOnly: false, HasOwner: false)];
        await using var child = Child();
        using var scope = child.OpenStopScope();
        Assert.Equal(
            [(103, SendOutcome.Sent), (101, SendOutcome.NotDeliverable), (100, SendOutcome.NotDeliverable)],
            scope.Look().Select(member => (member.Id, scope.Send(member, SIGTERM).Outcome)));
        Assert.Equal(["close 7", "ControlBreak to group 100"], _windows.Log);
    }

    [Fact]
    public async Task The_code_of_Control_C_is_a_signal_and_other_codes_are_not()
    {
        await using var child = Child();
        _process.End(unchecked((int)0xC000013A));
        Assert.Equal(SIGINT, (await child.Exit.WaitAsync(Limit, TestContext.Current.CancellationToken)).Signal);
    }

    [Fact]
    public async Task A_stop_sees_those_whose_parents_have_ended_and_no_stranger()
    {
        _job.Members.Add(_windows.Add(101, 99, 21));
        _windows.Add(102, 98, 22);
        await using var child = Child();
        using var scope = child.OpenStopScope();
        Assert.Equal([101, 100], scope.Look().Select(identity => identity.Id));
        Assert.True(scope.TryKillAll());
        Assert.Empty(scope.Look());
        await scope.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(-1, scope.ExitStatus?.Code);
    }

    [Fact]
    public async Task Two_stops_of_it_are_the_same_stop()
    {
        await using var child = Child();
        using var first = child.OpenStopScope();
        using var second = child.OpenStopScope();
        Assert.Equal(first.Key, second.Key);
    }

    [Fact]
    public async Task Disposing_it_kills_what_is_left_and_gives_back_all_handles()
    {
        var orphan = _windows.Add(101, 99, 21);
        _job.Members.Add(orphan);
        var child = Child();
        await child.DisposeAsync();
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await child.Exit.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(orphan.ExitCode);
        Assert.True(_job.IsDisposed);
        Assert.False(_leaders.Contains(child.Identity));
        await child.DisposeAsync();
        child.KillAll();
        Assert.True(SpinWait.SpinUntil(() => _windows.OpenHandles == 0, Limit));
    }

    public void Dispose() => _job.Dispose();

    private JobChild Child(WindowsChildConsole console = WindowsChildConsole.OwnGroup) =>
        new(_windows, new(_windows, _leaders), _leaders, new(new FakeHandle(_process), _job, console, null, null, null));
}
