using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

public sealed class RestartTests
{
    private static readonly RestartPolicy Policy = RestartPolicy.OnFailure with { Jitter = 0 };

    [Fact]
    public async Task A_process_that_ends_completes_with_its_status()
    {
        await using var f = await Fixture.StartAsync();
        Assert.Equal(("sh", 101, SupervisedProcessState.Running), (f.Process.Name, f.Process.Id, f.Process.State));
        f.Child.End(ProcessExitStatus.FromSignal(SIGUSR1));
        Assert.Equal(SIGUSR1, (await f.Process.Completion.WaitAsync(SupervisionLimits.Test)).Signal);
        Assert.Equal(SupervisedProcessState.Ended, f.Process.State);
        Assert.Equal(101, (await f.EventAsync(SupervisedProcessState.Running)).Process.Id);
        Assert.Equal(SIGUSR1, (await f.EventAsync(SupervisedProcessState.Ended)).ExitStatus!.Value.Signal);
        await f.NoMoreEventsAsync();
    }

    [Fact]
    public async Task A_failed_process_is_started_again_after_the_pause_and_not_before()
    {
        await using var f = await Fixture.StartAsync(Policy);
        await f.EventAsync(SupervisedProcessState.Running);
        f.Child.Fail();
        var waiting = await f.EventAsync(SupervisedProcessState.Waiting);
        Assert.Equal((TimeSpan.FromSeconds(1), 1), (waiting.RestartIn, waiting.ExitStatus!.Value.Code));
        await f.TimerAsync();
        f.Time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, SupervisedProcessState.Waiting), (f.Platform.Starts, f.Process.State));
        f.Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await f.Platform.NextAsync();
        await f.EventAsync(SupervisedProcessState.Running);
        Assert.Equal((1, second.Identity.Id), (f.Process.Restarts, f.Process.Id));
        second.End(ProcessExitStatus.FromCode(0));
        Assert.True((await f.Process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
    }

    [Fact]
    public async Task Restarts_end_at_their_limit_with_the_last_status()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero, MaxRestarts = 2 });
        f.Child.Fail();
        (await f.Platform.NextAsync()).Fail();
        (await f.Platform.NextAsync()).End(ProcessExitStatus.FromCode(7));
        Assert.Equal(7, (await f.Process.Completion.WaitAsync(SupervisionLimits.Test)).Code);
        Assert.Equal((3, 2), (f.Platform.Starts, f.Process.Restarts));
    }

    [Fact]
    public async Task A_start_that_fails_again_is_an_event_and_is_tried_again()
    {
        await using var f = await Fixture.StartAsync(Policy);
        await f.EventAsync(SupervisedProcessState.Running);
        f.Platform.BeforeStart = () => throw new ProcessStartException("gone for now");
        f.Child.Fail();
        await f.EventAsync(SupervisedProcessState.Waiting);
        await f.TimerAsync();
        f.Time.Advance(TimeSpan.FromSeconds(1));
        var failed = await f.EventAsync(SupervisedProcessState.Waiting);
        Assert.IsType<ProcessStartException>(failed.Error);
        Assert.Equal(TimeSpan.FromSeconds(2), failed.RestartIn);
        Assert.Null(failed.ExitStatus);
        f.Platform.BeforeStart = null;
        await f.TimerAsync();
        f.Time.Advance(TimeSpan.FromSeconds(2));
        await f.EventAsync(SupervisedProcessState.Running);
        Assert.Equal(1, f.Process.Restarts);
    }

    [Fact]
    public async Task When_it_can_not_be_started_again_the_completion_says_why()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero, MaxRestarts = 2 });
        f.Platform.BeforeStart = () => throw new ProcessStartException("gone for good");
        f.Child.Fail();
        var error = await Assert.ThrowsAsync<ProcessStartException>(() => f.Process.Completion.WaitAsync(SupervisionLimits.Test));
        Assert.Equal("gone for good", error.Message);
        Assert.Equal(3, f.Platform.Starts);
        await f.EventAsync(SupervisedProcessState.Running);
        await f.EventAsync(SupervisedProcessState.Waiting);
        await f.EventAsync(SupervisedProcessState.Waiting);
        Assert.Same(error, (await f.EventAsync(SupervisedProcessState.Ended)).Error);
        await f.NoMoreEventsAsync();
    }

    [Fact]
    public void The_error_of_the_first_start_is_thrown()
    {
        var platform = new FakePlatform { BeforeStart = () => throw new ProcessStartException("no") };
        Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(Fixture.Info(), null, platform.Parts));
        Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(new ProcessStartInfo("no-such-program-here"), null, new FakePlatform().Parts));
    }

    [Fact]
    public async Task A_stop_during_the_pause_ends_it_at_once_and_starts_nothing()
    {
        await using var f = await Fixture.StartAsync(Policy);
        await f.EventAsync(SupervisedProcessState.Running);
        f.Child.Fail();
        await f.EventAsync(SupervisedProcessState.Waiting);
        var outcome = await f.Process.StopAsync().WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.AlreadyGone, 1), (outcome.Result, outcome.ExitStatus!.Value.Code));
        Assert.Equal(SupervisedProcessState.Ended, f.Process.State);
        await f.EventAsync(SupervisedProcessState.Ended);
        f.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((1, 0), (f.Platform.Starts, f.Platform.Stops.Count));
        Assert.Equal(1, (await f.Process.Completion).Code);
        Assert.Equal(0, f.Time.Timers);
    }

    [Fact]
    public async Task A_stop_while_it_is_being_started_again_stops_what_the_start_brings()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero });
        using var begun = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        f.Platform.BeforeStart = () =>
        {
            begun.Release();
            Assert.True(goOn.Wait(SupervisionLimits.Test));
        };
        f.Child.Fail();
        Assert.True(await begun.WaitAsync(SupervisionLimits.Test));
        var stop = f.Process.StopAsync();
        Assert.False(stop.IsCompleted);
        goOn.Release();
        var second = await f.Platform.NextAsync();
        await SupervisionLimits.UntilAsync(() => second.Sent.Count > 0);
        second.End(ProcessExitStatus.FromSignal(SIGTERM));
        Assert.Equal(SIGTERM, (await stop.WaitAsync(SupervisionLimits.Test)).ExitStatus!.Value.Signal);
        Assert.Equal(2, f.Platform.Starts);
        Assert.Equal(SupervisedProcessState.Ended, f.Process.State);
    }

    [Fact]
    public async Task A_signal_to_one_that_runs_again_and_whose_start_has_not_returned_reaches_it()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero });
        using var goOn = new SemaphoreSlim(0);
        f.Platform.BeforeReturn = () => Assert.True(goOn.Wait(SupervisionLimits.Test));
        f.Child.Fail();
        var second = await f.Platform.NextAsync();
        var send = Task.Run(() => f.Process.TrySend(SIGUSR1));

        // Sent to the one before, it would have returned by now.
        await Assert.ThrowsAsync<TimeoutException>(() => send.WaitAsync(TimeSpan.FromMilliseconds(100)));
        goOn.Release();
        Assert.Equal(SendOutcome.Sent, await send.WaitAsync(SupervisionLimits.Test));
        Assert.Equal([SIGUSR1], second.Sent);
    }

    [Fact]
    public async Task A_kill_while_it_is_being_started_again_kills_what_the_start_brings()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero });
        using var begun = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        f.Platform.BeforeStart = () =>
        {
            begun.Release();
            Assert.True(goOn.Wait(SupervisionLimits.Test));
        };
        f.Child.Fail();
        Assert.True(await begun.WaitAsync(SupervisionLimits.Test));
        f.Process.Kill();
        goOn.Release();
        Assert.Equal(SIGKILL, (await f.Process.Completion.WaitAsync(SupervisionLimits.Test)).Signal);
        Assert.Equal(2, f.Platform.Starts);
    }

    [Fact]
    public async Task Leftovers_are_killed_before_it_is_started_again()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero });
        f.Child.End(ProcessExitStatus.FromCode(1), leavesDescendants: true);
        await f.Platform.NextAsync();
        Assert.True(f.Child.Gone.IsCompleted);
        Assert.NotEqual(0, f.Child.Kills);
    }

    [Fact]
    public async Task Leftovers_that_are_kept_live_on_over_restarts_until_the_supervision_ends()
    {
        var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero }, o => o.Leftovers = LeftoverPolicy.Keep);
        f.Child.End(ProcessExitStatus.FromCode(1), leavesDescendants: true);
        var second = await f.Platform.NextAsync();
        second.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        Assert.Equal((0, 0), (f.Child.Kills, second.Kills));
        await f.DisposeAsync();
        Assert.True(f.Child.IsDisposed);
        Assert.True(second.IsDisposed);
    }

    [Fact]
    public async Task The_handles_of_runs_that_are_over_are_given_back()
    {
        await using var f = await Fixture.StartAsync(Policy with { Backoff = TimeSpan.Zero }, redirects: true);
        var child = f.Child;
        for (var i = 0; i < 20; i++)
        {
            var dying = child;
            await Task.WhenAll(WriteAsync(dying, toError: false), WriteAsync(dying, toError: true));
            child.Fail();
            var next = await f.Platform.NextAsync();
            await SupervisionLimits.UntilAsync(() => child.IsDisposed);
            child = next;
        }
    }

    // As much as a pipe of the fake holds.
    private static async Task WriteAsync(FakeChild child, bool toError)
    {
        var line = new byte[6000];
        line[^1] = (byte)'\n';
        for (var i = 0; i < 10; i++)
        {
            await child.WriteAsync(line, toError);
        }
    }
}
