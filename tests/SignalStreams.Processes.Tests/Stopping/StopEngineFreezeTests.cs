namespace SignalStreams.Processes.Tests;

/// <summary>A polite signal to those of whom a newborn could be lost: nobody goes on before all have it, and nobody stays frozen.</summary>
public sealed class StopEngineFreezeTests
{
    private static readonly StopPlan Ask = StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(4));

    [Fact]
    public async Task All_are_stopped_parents_first_then_signalled_then_continued_descendants_first()
    {
        var scope = new FakeScope(7, 8, 9) { NeedsFreeze = true };
        await AskedAsync(scope);
        Assert.Equal(
            ["7 SIGSTOP", "8 SIGSTOP", "9 SIGSTOP", "9 SIGTERM", "8 SIGTERM", "7 SIGTERM", "9 SIGCONT", "8 SIGCONT", "7 SIGCONT"], scope.Sent);
        Assert.Empty(scope.Stopped);
    }

    [Fact]
    public async Task Where_nobody_can_be_lost_nobody_is_frozen()
    {
        var scope = new FakeScope(7, 8);
        await AskedAsync(scope);
        Assert.Equal(["8 SIGTERM", "7 SIGTERM"], scope.Sent);
    }

    [Theory]
    [InlineData(SIGSTOP)]
    [InlineData(SIGCONT)]
    [InlineData(SIGTSTP)]
    [InlineData(SIGTTIN)]
    [InlineData(SIGTTOU)]
    public async Task Nobody_is_frozen_for_a_signal_that_itself_stops_or_continues(ShutdownSignal signal)
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true };
        await AskedAsync(scope, StopPlan.Send(signal, TimeSpan.FromSeconds(4)));
        Assert.Equal([$"8 {signal.GetName()}", $"7 {signal.GetName()}"], scope.Sent);
    }

    [Fact]
    public async Task One_born_while_the_others_are_being_frozen_is_frozen_and_signalled_with_them()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        scope.OnLook = () =>
        {
            if (scope.Sent is ["7 SIGSTOP"])
            {
                scope.Add(8);
            }
        };
        List<StopStep> steps = [];
        await AskedAsync(scope, progress: EngineRun.Collect(steps));
        Assert.Equal(["7 SIGSTOP", "8 SIGSTOP", "8 SIGTERM", "7 SIGTERM", "8 SIGCONT", "7 SIGCONT"], scope.Sent);
        Assert.Equal([8, 7], Assert.Single(steps).Remaining.Select(process => process.Id));
    }

    [Fact]
    public async Task Nobody_is_signalled_before_a_sweep_has_found_all_stopped()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        var sweeps = 0;
        scope.OnSweep = _ =>
        {
            Assert.Equal(["7 SIGSTOP"], scope.Sent);
            return ++sweeps == 5;
        };
        await AskedAsync(scope);
        Assert.Equal(5, sweeps);
        Assert.Equal(["7 SIGSTOP", "7 SIGTERM", "7 SIGCONT"], scope.Sent);
    }

    [Fact]
    public async Task One_that_does_not_stop_is_not_waited_for_without_end()
    {
        var time = new ManualTime();
        var sweeps = 0;
        var scope = new FakeScope(7, 8) { NeedsFreeze = true };
        scope.OnSweep = _ =>
        {
            sweeps++;
            time.Advance(StopEngine.FreezeWithin / 5);
            return false;
        };
        using var cancellation = new CancellationTokenSource();
        var stop = new StopEngine(scope, Ask, time).RunAsync(cancellation.Token);
        await Until.TrueAsync(() => time.Timers > 0, "the engine should wait");
        Assert.Equal(5, sweeps);
        Assert.Equal(["7 SIGSTOP", "8 SIGSTOP", "8 SIGTERM", "7 SIGTERM", "8 SIGCONT", "7 SIGCONT"], scope.Sent);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop);
    }

    [Fact]
    public async Task Who_was_stopped_before_is_continued_after_the_signal()
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true, Stopped = { 8 } };
        await AskedAsync(scope);
        Assert.Equal(["8 SIGCONT", "7 SIGCONT"], scope.Sent.TakeLast(2));
        Assert.Empty(scope.Stopped);
    }

    [Fact]
    public async Task Who_was_stopped_before_and_cannot_be_sent_the_signal_stays_so()
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true, Stopped = { 8 } };
        scope.OnSend = (process, signal) => process.Id == 8 && signal == SIGTERM ? SendOutcome.NotDeliverable : SendOutcome.Sent;
        await AskedAsync(scope);
        Assert.DoesNotContain("8 SIGCONT", scope.Sent);
        Assert.Equal([8], scope.Stopped);
    }

    [Fact]
    public async Task Who_cannot_be_sent_the_signal_does_not_stay_frozen()
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true };
        scope.OnSend = (process, signal) => process.Id == 8 && signal == SIGTERM ? SendOutcome.NotDeliverable : SendOutcome.Sent;
        await AskedAsync(scope);
        Assert.Contains("8 SIGCONT", scope.Sent);
        Assert.Empty(scope.Stopped);
    }

    [Fact]
    public async Task Who_cannot_be_continued_at_once_is_continued_again()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        var failures = 0;
        scope.OnSend = (_, signal) => signal == SIGCONT && failures++ < 3 ? SendOutcome.NotDeliverable : SendOutcome.Sent;
        await AskedAsync(scope);
        Assert.Empty(scope.Stopped);
    }

    [Fact]
    public async Task Children_of_one_who_may_not_be_stopped_are_not_stopped_before_him()
    {
        var scope = new FakeScope(7, 8, 9) { NeedsFreeze = true };
        scope.OnSend = (process, _) => process.Id == 8 ? SendOutcome.NotPermitted : SendOutcome.Sent;
        await AskedAsync(scope);
        Assert.DoesNotContain("9 SIGSTOP", scope.Sent);
        Assert.Contains("9 SIGTERM", scope.Sent);
        Assert.Contains("7 SIGCONT", scope.Sent);
        Assert.Empty(scope.Stopped);
    }

    [Fact]
    public async Task A_look_that_fails_leaves_nobody_frozen()
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true };
        scope.OnSweep = frozen =>
        {
            // One that no look has shown yet.
            frozen.Add(FakeScope.Identity(9));
            scope.Stopped.Add(9);
            return false;
        };
        scope.OnLook = () =>
        {
            if (scope.Stopped.Count > 0)
            {
                throw new IOException("thrown by a test");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => new EngineRun(scope, Ask).OutcomeAsync());
        Assert.Empty(scope.Stopped);
        Assert.Equal(["7 SIGSTOP", "8 SIGSTOP", "8 SIGCONT", "7 SIGCONT", "9 SIGCONT"], scope.Sent);
    }

    [Fact]
    public async Task A_look_that_fails_during_a_kill_leaves_nobody_frozen_and_alive()
    {
        var scope = new FakeScope(7, 8);
        scope.OnSweep = frozen =>
        {
            frozen.Add(FakeScope.Identity(9));
            return false;
        };
        scope.OnLook = () =>
        {
            if (scope.Stopped.Count > 0)
            {
                throw new IOException("thrown by a test");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => new EngineRun(scope, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(4))).OutcomeAsync());
        Assert.Equal(["8 SIGSTOP", "7 SIGSTOP", "8 SIGKILL", "7 SIGKILL", "9 SIGKILL"], scope.Sent);
    }

    [Fact]
    public async Task Cancelling_in_the_middle_leaves_nobody_frozen()
    {
        var scope = new FakeScope(7, 8) { NeedsFreeze = true };
        using var cancellation = new CancellationTokenSource();
        scope.OnSend = (_, signal) =>
        {
            if (signal == SIGSTOP)
            {
                cancellation.Cancel();
            }

            return SendOutcome.Sent;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StopEngine(scope, Ask, new ManualTime()).RunAsync(cancellation.Token));
        Assert.Equal(["7 SIGSTOP", "8 SIGSTOP", "8 SIGTERM", "7 SIGTERM", "8 SIGCONT", "7 SIGCONT"], scope.Sent);
    }

    [Fact]
    public async Task Between_attempts_all_are_frozen_only_where_somebody_was_born()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        var run = new EngineRun(scope, Ask);
        await run.AdvanceAsync(1);
        Assert.Equal(["7 SIGSTOP", "7 SIGTERM", "7 SIGCONT"], scope.Sent);
        scope.Add(8);
        await run.AdvanceAsync(1);
        Assert.Equal(["7 SIGSTOP", "8 SIGSTOP", "8 SIGTERM", "8 SIGCONT", "7 SIGCONT"], scope.Sent.Skip(3));
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
    }

    [Fact]
    public async Task Each_attempt_freezes()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        var run = new EngineRun(scope, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)));
        await run.AdvanceAsync(1.5);
        Assert.Equal(["7 SIGSTOP", "7 SIGINT", "7 SIGCONT", "7 SIGSTOP", "7 SIGINT", "7 SIGCONT"], scope.Sent);
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
    }

    [Fact]
    public async Task All_who_end_while_they_are_being_frozen_have_ended_by_themselves()
    {
        var scope = new FakeScope(7) { NeedsFreeze = true };
        scope.OnSweep = _ =>
        {
            scope.End(7);
            return true;
        };
        var outcome = await new EngineRun(scope, Ask).OutcomeAsync();
        Assert.Equal(StopResult.AlreadyGone, outcome.Result);
        Assert.DoesNotContain("7 SIGTERM", scope.Sent);
    }

    private static async Task AskedAsync(FakeScope scope, StopPlan? plan = null, IProgress<StopStep>? progress = null)
    {
        var run = new EngineRun(scope, plan ?? Ask, progress);
        await run.WaitingAsync();
        run.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.OutcomeAsync);
    }
}
