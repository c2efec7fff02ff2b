namespace SignalStreams.Processes.Tests;

public sealed class StopEngineTests
{
    private static readonly StopPlan AskThenKill = StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(4)).ThenKill(TimeSpan.FromSeconds(2));

    [Fact]
    public async Task Nobody_there_is_already_gone_and_nothing_is_sent()
    {
        var scope = new FakeScope();
        var outcome = await new EngineRun(scope, AskThenKill).OutcomeAsync();
        Assert.Equal(StopResult.AlreadyGone, outcome.Result);
        Assert.Null(outcome.LastSignal);
        Assert.Empty(scope.Sent);
    }

    [Fact]
    public async Task One_that_obeys_is_not_waited_for_longer_than_it_takes()
    {
        var scope = new FakeScope(7) { ExitStatus = ProcessExitStatus.FromSignal(SIGTERM) };
        var run = new EngineRun(scope, AskThenKill);
        await run.AdvanceAsync(1);
        scope.End(7);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.Equal(SIGTERM, outcome.LastSignal);
        Assert.Equal(0, outcome.LastStep);
        Assert.Equal(TimeSpan.FromSeconds(1), outcome.Elapsed);
        Assert.Equal(["7 SIGTERM"], scope.Sent);
        Assert.Equal("process 7 (fake) ended 1 s after SIGTERM: SIGTERM", outcome.ToString());
    }

    [Fact]
    public async Task Who_can_be_sent_a_signal_at_once_gets_it_so_at_each_attempt_and_newborns_get_it_alone()
    {
        var scope = new FakeScope(7, 8) { CanSendAll = true };
        scope.Stopped.Add(8);
        List<StopStep> steps = [];
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1)), EngineRun.Collect(steps));
        await run.AdvanceAsync(0.1);
        Assert.Equal([SIGINT], scope.SentToAll);
        Assert.Equal(["8 SIGCONT"], scope.Sent);
        scope.Add(9);
        await run.AdvanceAsync(0.5);
        Assert.Equal(["8 SIGCONT", "9 SIGINT"], scope.Sent);
        await run.AdvanceAsync(0.5);
        Assert.Equal([SIGINT, SIGINT], scope.SentToAll);
        Assert.Equal(["8 SIGCONT", "9 SIGINT"], scope.Sent);
        scope.End(7);
        scope.End(8);
        scope.End(9);
        Assert.Equal(StopResult.Graceful, (await run.OutcomeAsync()).Result);
        Assert.Equal([2, 3], steps.Select(step => step.Remaining.Count));
    }

    [Fact]
    public async Task One_that_does_not_is_killed_when_the_patience_is_over_and_not_before()
    {
        var scope = new FakeScope(7) { CanGrow = false };
        var run = new EngineRun(scope, AskThenKill);
        await run.AdvanceAsync(3.95);
        Assert.Equal(["7 SIGTERM"], scope.Sent);
        await run.AdvanceAsync(0.05);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Equal(1, outcome.LastStep);
        Assert.Equal(["7 SIGTERM", "7 SIGKILL"], scope.Sent);
        Assert.Equal("process 7 (fake) was killed after 4 s", outcome.ToString());
    }

    [Fact]
    public async Task One_that_ended_between_the_look_and_the_signal_was_already_gone()
    {
        var scope = new FakeScope(7);
        scope.OnSend = (process, _) =>
        {
            scope.End(process.Id);
            return SendOutcome.Gone;
        };
        var outcome = await new EngineRun(scope, AskThenKill).OutcomeAsync();
        Assert.Equal(StopResult.AlreadyGone, outcome.Result);
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task A_repeated_step_sends_by_its_beat_and_ends_with_its_patience()
    {
        var scope = new FakeScope(7) { CanGrow = false };
        List<StopStep> steps = [];
        var run = new EngineRun(scope, StopPlan.Interactive, EngineRun.Collect(steps));
        await run.AdvanceAsync(14.95);
        Assert.Equal(Enumerable.Repeat("7 SIGINT", 15), scope.Sent);
        await run.AdvanceAsync(0.05);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Equal(Enumerable.Range(1, 15).Append(1), steps.Select(step => step.Attempt));
        Assert.Equal(Enumerable.Range(0, 16).Select(second => TimeSpan.FromSeconds(second)), steps.Select(step => step.Elapsed));
        Assert.Equal([7], steps[0].Remaining.Select(process => process.Id));
    }

    [Fact]
    public async Task A_newborn_gets_the_signal_of_the_step_once()
    {
        var scope = new FakeScope(7);
        var run = new EngineRun(scope, AskThenKill);
        await run.AdvanceAsync(1);
        scope.Add(8);
        await run.AdvanceAsync(1);
        Assert.Equal(["7 SIGTERM", "8 SIGTERM"], scope.Sent);
        scope.End(7);
        scope.End(8);
        Assert.Equal(StopResult.Graceful, (await run.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task A_newborn_is_signalled_again_at_the_next_attempt()
    {
        var scope = new FakeScope(7);
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)));
        await run.AdvanceAsync(0.5);
        scope.Add(8);
        await run.AdvanceAsync(0.5);
        Assert.Equal(["7 SIGINT", "8 SIGINT", "8 SIGINT", "7 SIGINT"], scope.Sent);
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
    }

    [Fact]
    public async Task A_stopped_process_is_continued_after_the_signal()
    {
        var scope = new FakeScope(7, 8) { Stopped = { 8 } };
        var run = new EngineRun(scope, AskThenKill);
        await run.WaitingAsync();
        Assert.Equal(["8 SIGTERM", "8 SIGCONT", "7 SIGTERM"], scope.Sent);
        scope.End(7);
        scope.End(8);
        await run.OutcomeAsync();
    }

    [Theory]
    [InlineData(SIGSTOP)]
    [InlineData(SIGTSTP)]
    [InlineData(SIGKILL)]
    public async Task A_signal_that_stops_or_kills_is_not_followed_by_a_continue(ShutdownSignal signal)
    {
        var scope = new FakeScope(7) { Stopped = { 7 }, CanGrow = false, OnSend = (_, _) => SendOutcome.Sent };
        var run = new EngineRun(scope, StopPlan.Send(signal, TimeSpan.FromSeconds(1)));
        await run.AdvanceAsync(1);
        Assert.Equal(StopResult.StillAlive, (await run.OutcomeAsync()).Result);
        Assert.Equal([$"7 {signal.GetName()}"], scope.Sent);
    }

    [Fact]
    public async Task A_failure_does_not_bring_the_next_step_earlier()
    {
        var scope = new FakeScope(7) { CanGrow = false };
        scope.OnSend = (process, signal) =>
        {
            if (signal == SIGKILL)
            {
                scope.End(process.Id);
                return SendOutcome.Sent;
            }

            return SendOutcome.NotDeliverable;
        };
        var run = new EngineRun(scope, AskThenKill);
        await run.AdvanceAsync(3.95);
        Assert.Equal(["7 SIGTERM"], scope.Sent);
        await run.AdvanceAsync(0.05);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Equal([new SendFailure(FakeScope.Identity(7), SIGTERM, SendOutcome.NotDeliverable)], outcome.Failures);
    }

    [Fact]
    public async Task Nobody_who_may_be_signalled_ends_the_stop_at_once()
    {
        var scope = new FakeScope(7, 8) { OnSend = (_, _) => SendOutcome.NotPermitted };
        var outcome = await new EngineRun(scope, AskThenKill).OutcomeAsync();
        Assert.Equal(StopResult.StillAlive, outcome.Result);
        Assert.Equal([8, 7], outcome.Remaining.Select(process => process.Id));
        Assert.Equal([8, 7], outcome.Failures.Select(failure => failure.Process.Id));
        Assert.Equal(
            "process 7 (fake) is still running 0 s after the stop began, SIGTERM was the last that was sent; running: 8 (fake), 7 (fake); "
            + "not sent: SIGTERM to 8 (fake): not permitted, SIGTERM to 7 (fake): not permitted", outcome.ToString());
    }

    [Fact]
    public async Task One_who_may_not_be_signalled_does_not_keep_the_others_from_their_patience()
    {
        var scope = new FakeScope(7, 8);
        scope.OnSend = (process, _) => process.Id == 8 ? SendOutcome.NotPermitted : SendOutcome.Sent;
        var run = new EngineRun(scope, StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(4)));
        await run.AdvanceAsync(3.95);
        Assert.False(run.Task.IsCompleted);
        await run.AdvanceAsync(0.05);
        Assert.Equal(["8 SIGTERM", "7 SIGTERM"], scope.Sent);
        Assert.Equal(StopResult.StillAlive, (await run.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task Killing_freezes_until_nobody_new_is_found()
    {
        var scope = new FakeScope(1);
        var born = 1;
        scope.OnLook = () =>
        {
            // One more at each look, until all five are frozen.
            if (scope.Sent.Count > 0 && born < 5)
            {
                scope.Add(++born);
            }
        };
        var outcome = await new EngineRun(scope, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(2))).OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Equal(
            ["1 SIGSTOP", "2 SIGSTOP", "3 SIGSTOP", "4 SIGSTOP", "5 SIGSTOP", "5 SIGKILL", "4 SIGKILL", "3 SIGKILL", "2 SIGKILL", "1 SIGKILL"], scope.Sent);
    }

    [Fact]
    public async Task Killing_where_nobody_can_be_frozen_kills_at_once()
    {
        var scope = new FakeScope(7);
        scope.OnSend = (process, signal) =>
        {
            if (signal == SIGSTOP)
            {
                return SendOutcome.NotDeliverable;
            }

            scope.End(process.Id);
            return SendOutcome.Sent;
        };
        var outcome = await new EngineRun(scope, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(2))).OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task Killing_takes_all_at_once_where_the_system_can()
    {
        var scope = new FakeScope(7, 8) { CanKillAll = true };
        var outcome = await new EngineRun(scope, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(2))).OutcomeAsync();
        Assert.Equal(StopResult.Killed, outcome.Result);
        Assert.Equal(1, scope.Kills);
        Assert.Empty(scope.Sent);
    }

    [Fact]
    public async Task One_that_slips_through_the_kill_is_killed_again()
    {
        var scope = new FakeScope(7) { CanGrow = false };
        scope.OnSend = (process, _) =>
        {
            if (process.Id == 7)
            {
                // Had forked just before.
                scope.Add(9);
            }

            scope.End(process.Id);
            return SendOutcome.Sent;
        };
        var run = new EngineRun(scope, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(2)));
        await run.AdvanceAsync(0.1);
        Assert.Equal(StopResult.Killed, (await run.OutcomeAsync()).Result);
        Assert.Equal(["7 SIGKILL", "9 SIGKILL"], scope.Sent);
    }

    [Fact]
    public async Task Infinite_patience_waits_for_days()
    {
        var scope = new FakeScope(7);
        var run = new EngineRun(scope, StopPlan.Send(SIGTERM, Timeout.InfiniteTimeSpan).ThenKill());
        await run.WaitingAsync();
        run.Time.Advance(TimeSpan.FromDays(100));
        await run.WaitingAsync();
        Assert.False(run.Task.IsCompleted);
        Assert.Equal(["7 SIGTERM"], scope.Sent);
        scope.End(7);
        Assert.Equal(TimeSpan.FromDays(100), (await run.OutcomeAsync()).Elapsed);
    }

    [Fact]
    public async Task Escalating_takes_one_step_for_each_call()
    {
        var scope = new FakeScope(7) { OnSend = (_, _) => SendOutcome.Sent, CanGrow = false };
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, Timeout.InfiniteTimeSpan).Then(SIGTERM, Timeout.InfiniteTimeSpan).Then(SIGQUIT, TimeSpan.FromSeconds(1)));
        await run.WaitingAsync();
        run.Engine.Escalate();
        await Until.TrueAsync(() => scope.Sent.Count == 2, "the second step should come");
        run.Engine.Escalate();
        await Until.TrueAsync(() => scope.Sent.Count == 3, "the third step should come");
        run.Engine.Escalate();
        await run.AdvanceAsync(0.9);
        Assert.False(run.Task.IsCompleted);
        await run.AdvanceAsync(0.1);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(["7 SIGINT", "7 SIGTERM", "7 SIGQUIT"], scope.Sent);
        Assert.Equal(2, outcome.LastStep);
    }

    [Fact]
    public async Task Escalating_twice_at_once_takes_two_steps()
    {
        var scope = new FakeScope(7) { OnSend = (_, _) => SendOutcome.Sent, CanGrow = false };
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, Timeout.InfiniteTimeSpan).Then(SIGTERM, Timeout.InfiniteTimeSpan).Then(SIGQUIT, Timeout.InfiniteTimeSpan));
        run.Engine.Escalate();
        run.Engine.Escalate();
        await Until.TrueAsync(() => scope.Sent.Count == 3, "the third step should come");
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
    }

    [Fact]
    public async Task Progress_that_throws_changes_nothing()
    {
        var scope = new FakeScope(7);
        var run = new EngineRun(scope, AskThenKill, new Thrower());
        await run.AdvanceAsync(1);
        scope.End(7);
        Assert.Equal(StopResult.Graceful, (await run.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task Cancelling_sends_nothing_more()
    {
        var scope = new FakeScope(7);
        var run = new EngineRun(scope, AskThenKill);
        await run.WaitingAsync();
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
        run.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["7 SIGTERM"], scope.Sent);
        Assert.Equal(0, run.Time.Timers);
    }

    [Fact]
    public async Task One_that_outlives_the_plan_is_named()
    {
        var scope = new FakeScope(7) { CanGrow = false };
        var run = new EngineRun(scope, StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(1)));
        await run.AdvanceAsync(1);
        var outcome = await run.OutcomeAsync();
        Assert.Equal(StopResult.StillAlive, outcome.Result);
        Assert.Equal("process 7 (fake) is still running 1 s after the stop began, SIGTERM was the last that was sent; running: 7 (fake)", outcome.ToString());
    }

    private sealed class Thrower : IProgress<StopStep>
    {
        public void Report(StopStep value) => throw new InvalidOperationException("thrown by a test");
    }
}
