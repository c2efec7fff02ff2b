namespace SignalStreams.Processes.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_goes_by_the_plan_of_the_options_and_leaves_it_ended()
    {
        var plan = StopPlan.Gooey(SIGTERM);
        await using var f = await Fixture.StartAsync(RestartPolicy.Always, o => o.StopPlan = plan);
        await f.EventAsync(SupervisedProcessState.Running);
        var stop = f.Process.StopAsync();
        await f.EventAsync(SupervisedProcessState.Stopping);
        Assert.Same(plan, f.Platform.LastPlan);
        f.Child.End(ProcessExitStatus.FromSignal(SIGTERM));
        var outcome = await stop.WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.Graceful, SIGTERM), (outcome.Result, outcome.ExitStatus!.Value.Signal));
        Assert.Equal(SupervisedProcessState.Ended, f.Process.State);
        Assert.True(f.Platform.Stops.Single().IsDisposed);
        Assert.Equal(1, f.Platform.Starts);
    }

    [Fact]
    public async Task A_second_stop_goes_to_the_engine_too_and_has_the_same_key()
    {
        await using var f = await Fixture.StartAsync();
        var first = f.Process.StopAsync();
        var second = f.Process.StopAsync();
        await SupervisionLimits.UntilAsync(() => f.Platform.Stops.Count == 2);
        Assert.Same(f.Platform.Stops[0].Key, f.Platform.Stops[1].Key);
        f.Child.End(ProcessExitStatus.FromCode(0));
        await Task.WhenAll(first, second).WaitAsync(SupervisionLimits.Test);
        await f.EventAsync(SupervisedProcessState.Running);
        await f.EventAsync(SupervisedProcessState.Stopping);
        await f.EventAsync(SupervisedProcessState.Ended);
        await f.NoMoreEventsAsync();
    }

    [Fact]
    public async Task Descendants_have_the_time_of_the_plan_when_the_process_itself_ends_first()
    {
        await using var f = await Fixture.StartAsync();
        var stop = f.Process.StopAsync();
        f.Child.End(ProcessExitStatus.FromSignal(SIGTERM), leavesDescendants: true);
        await Task.Delay(50);
        Assert.Equal(0, f.Child.Kills);
        Assert.False(stop.IsCompleted);
        f.Child.End(ProcessExitStatus.FromSignal(SIGTERM));
        await stop.WaitAsync(SupervisionLimits.Test);
    }

    [Fact]
    public async Task A_cancelled_stop_sends_nothing_more_and_the_process_is_not_started_again()
    {
        await using var f = await Fixture.StartAsync(RestartPolicy.Always with { Backoff = TimeSpan.Zero });
        using var source = new CancellationTokenSource();
        var stop = f.Process.StopAsync(cancellationToken: source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(SupervisedProcessState.Stopping, f.Process.State);
        f.Child.Fail();
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        Assert.Equal(1, f.Platform.Starts);
    }

    [Fact]
    public async Task A_stop_of_what_has_ended_says_so()
    {
        await using var f = await Fixture.StartAsync();
        f.Child.End(ProcessExitStatus.FromCode(3));
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        var outcome = await f.Process.StopAsync().WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.AlreadyGone, 3), (outcome.Result, outcome.ExitStatus!.Value.Code));
        Assert.Empty(f.Platform.Stops);
    }

    [Fact]
    public async Task Kept_descendants_of_what_has_ended_are_stopped_by_the_plan()
    {
        await using var f = await Fixture.StartAsync(configure: o => o.Leftovers = LeftoverPolicy.Keep);
        f.Child.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        var stop = f.Process.StopAsync();
        await SupervisionLimits.UntilAsync(() => f.Platform.Stops.Count == 1);
        f.Child.End(ProcessExitStatus.FromCode(0));
        Assert.Equal(StopResult.Graceful, (await stop.WaitAsync(SupervisionLimits.Test)).Result);
    }

    [Fact]
    public async Task Kill_ends_it_and_nothing_is_started_again()
    {
        await using var f = await Fixture.StartAsync(RestartPolicy.Always with { Backoff = TimeSpan.Zero });
        f.Process.Kill();
        Assert.Equal(SIGKILL, (await f.Process.Completion.WaitAsync(SupervisionLimits.Test)).Signal);
        Assert.Equal(1, f.Platform.Starts);
        f.Process.Kill();
    }

    [Fact]
    public async Task Signals_go_to_the_process_that_runs_now()
    {
        await using var f = await Fixture.StartAsync();
        Assert.Equal(SendOutcome.Sent, f.Process.TrySend(SIGHUP));
        Assert.Equal(SendOutcome.Sent, f.Process.TrySendToGroup(SIGWINCH));
        Assert.Equal([SIGHUP, SIGWINCH], f.Child.Sent);
        f.Child.Fail();
        Assert.Equal(SendOutcome.Gone, f.Process.TrySend(SIGHUP));
    }

    [Fact]
    public async Task Disposal_kills_and_can_be_repeated()
    {
        var f = await Fixture.StartAsync(RestartPolicy.Always with { Backoff = TimeSpan.Zero }, redirects: true);
        await f.Child.WriteAsync(new byte[60_000]);
        await Task.WhenAll(f.Process.DisposeAsync().AsTask(), f.Process.DisposeAsync().AsTask()).WaitAsync(SupervisionLimits.Test);
        Assert.True(f.Child.IsDisposed);
        Assert.Equal((1, SupervisedProcessState.Ended), (f.Platform.Starts, f.Process.State));
        Assert.Equal(SIGKILL, (await f.Process.Completion).Signal);
        await f.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_ever_for_one_that_cannot_be_killed()
    {
        var platform = new FakePlatform { ChildrenAreUnkillable = true };
        var time = new ManualTime();
        var process = SupervisedProcess.Start(Fixture.Info(), new SupervisedProcessOptions { TimeProvider = time }, platform.Parts);
        var disposal = process.DisposeAsync().AsTask();
        await SupervisionLimits.UntilAsync(() => time.Timers > 0);
        Assert.False(disposal.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await disposal.WaitAsync(SupervisionLimits.Test);
    }

    [Fact]
    public async Task A_second_reader_of_events_is_told_so_and_one_after_the_other_works()
    {
        await using var f = await Fixture.StartAsync();
        await f.EventAsync(SupervisedProcessState.Running);
        var second = f.Process.ReadEventsAsync().GetAsyncEnumerator();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => second.MoveNextAsync().AsTask());
        Assert.Contains("reads the events already", error.Message, StringComparison.Ordinal);
    }
}
