using System.Text.RegularExpressions;
using static SignalStreams.Tool.Tests.FakeLaunch;

namespace SignalStreams.Tool.Tests;

public sealed class LaunchRunnerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static Task<LaunchResult> Run(FakeLaunch launch) => launch.Runner.RunAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_task_waits_until_what_it_depends_on_is_ready()
    {
        var launch = new FakeLaunch(Task("web", "db"), Task("db") with { Ready = new ReadyCondition.Tcp("localhost", 1) });
        var run = Run(launch);
        await launch.IsStartedAsync("db");
        await UntilAsync(() => launch.Time.Timers >= 2, "the port is looked at again, and there is a limit");
        Assert.Equal(LaunchState.Starting, launch.State("db"));
        Assert.Equal(LaunchState.Waiting, launch.State("web"));

        launch.IsThere = true;
        launch.Time.Advance(TimeSpan.FromMilliseconds(100));
        await launch.IsStartedAsync("web");
        Assert.Equal(["db", "web"], launch.Started);

        launch.Runner.RequestStop("over", 0);
        Assert.Equal(0, (await run).ExitCode);
    }

    [Fact]
    public async Task A_start_delay_counts_from_when_the_task_may_start()
    {
        var launch = new FakeLaunch(Task("late", "first") with { StartDelay = TimeSpan.FromSeconds(2) }, Task("first") with { Ready = new ReadyCondition.Delay(TimeSpan.FromSeconds(5)) });
        var run = Run(launch);
        await launch.IsStartedAsync("first");
        await UntilAsync(() => launch.Time.Timers == 1, "it waits to be ready");
        launch.Time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(() => launch.State("late") == LaunchState.Delayed && launch.Time.Timers == 1, "the delay has begun");
        launch.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal("starts in 2 s", launch.Runner.Views()[0].Detail);
        launch.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["first"], launch.Started);
        launch.Time.Advance(TimeSpan.FromSeconds(0.1));
        await launch.IsStartedAsync("late");

        launch.Runner.RequestStop("over", 0);
        await run;
    }

    [Theory]
    [InlineData("listening on 80", true)]
    [InlineData("not yet", false)]
    public async Task A_line_makes_a_task_ready_when_it_matches(string line, bool isReady)
    {
        var launch = new FakeLaunch(Task("a") with { Ready = new ReadyCondition.Line(new Regex("^listening", RegexOptions.NonBacktracking)) }, Task("b", "a"));
        var run = Run(launch);
        await launch.IsStartedAsync("a");
        launch["a"].Write(line);
        launch["a"].Write("more");
        await UntilAsync(() => launch.Lines.Count == 2, "the lines are read");
        Assert.Equal(isReady ? LaunchState.Running : LaunchState.Starting, launch.State("a"));
        if (isReady)
        {
            await launch.IsStartedAsync("b");
        }

        launch.Runner.RequestStop("over", 0);
        await run;
        Assert.Equal(isReady, launch.Started.Contains("b"));
    }

    [Fact]
    public async Task The_line_that_makes_a_task_ready_is_handed_on_first()
    {
        var launch = new FakeLaunch(Task("a") with { Ready = new ReadyCondition.Line(new Regex("^listening", RegexOptions.NonBacktracking)) });
        LaunchState? state = null;
        launch.Taking = () => state = launch.State("a");
        var run = Run(launch);
        await launch.IsStartedAsync("a");
        launch["a"].Write("listening");
        await UntilAsync(() => launch.State("a") == LaunchState.Running, "the task is ready");
        Assert.Equal(LaunchState.Starting, state);

        launch.Runner.RequestStop("over", 0);
        await run;
    }

    [Fact]
    public async Task A_task_that_does_not_become_ready_in_time_ends_the_launch()
    {
        var launch = new FakeLaunch(Task("slow") with { Ready = new ReadyCondition.File("/x"), ReadyTimeout = TimeSpan.FromSeconds(3) }, Task("other"));
        var run = Run(launch);
        await launch.IsStartedAsync("slow", "other");
        await UntilAsync(() => launch.Time.Timers == 2, "the file is looked for");
        for (var i = 0; i < 30; i++)
        {
            launch.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var result = await run;
        Assert.Equal(ExitCode.TimedOut, result.ExitCode);
        Assert.Contains(launch.Messages, text => text.Contains("'slow' is not ready after 3s (file /x)", StringComparison.Ordinal));
        Assert.Equal(1, launch["other"].Asked);
    }

    [Theory]
    [InlineData(0, true, 0)]
    [InlineData(3, false, 3)]
    public async Task A_task_that_needs_another_completed_starts_after_its_success_only(int code, bool isStarted, int exitCode)
    {
        var launch = new FakeLaunch(Task("migrate"), Task("web") with { DependsOn = [new("migrate", DependencyCondition.Completed)] });
        var run = Run(launch);
        await launch.IsStartedAsync("migrate");
        Assert.DoesNotContain("web", launch.Started);
        launch["migrate"].End(code);
        if (isStarted)
        {
            await launch.IsStartedAsync("web");
            launch["web"].End(0);
        }

        Assert.Equal(exitCode, (await run).ExitCode);
        Assert.Equal(isStarted, launch.Started.Contains("web"));
        Assert.Equal(!isStarted, launch.Messages.Any(text => text.Contains("task 'web' needs it to succeed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_task_that_ends_before_it_is_ready_ends_the_launch_with_its_code()
    {
        var launch = new FakeLaunch(Task("db") with { Ready = new ReadyCondition.Tcp("localhost", 1) }, Task("web", "db"), Task("other"));
        var run = Run(launch);
        await launch.IsStartedAsync("db", "other");
        launch["db"].End(7);

        Assert.Equal(7, (await run).ExitCode);
        Assert.DoesNotContain("web", launch.Started);
        Assert.Equal(1, launch["other"].Asked);
        Assert.Contains(launch.Messages, text => text.Contains("'db'", StringComparison.Ordinal) && text.Contains("exit code 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_task_that_cannot_be_started_ends_the_launch()
    {
        var launch = new FakeLaunch(Task("good"), Task("bad", "good"));
        launch.Broken.Add("bad");
        var result = await Run(launch);
        Assert.Equal(ExitCode.NotExecutable, result.ExitCode);
        Assert.Equal(1, launch["good"].Asked);
        Assert.Contains(launch.Messages, text => text.Contains("'bad' could not be started: it is broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_asks_dependants_first_and_the_others_when_those_are_gone()
    {
        var launch = new FakeLaunch(Task("db"), Task("web", "db"), Task("alone"));
        launch.Deaf.Add("web");
        var run = Run(launch);
        await launch.IsStartedAsync("db", "web", "alone");
        launch.Runner.RequestStop("SIGINT", 0);
        await UntilAsync(() => launch["web"].Asked == 1 && launch["alone"].Asked == 1, "those that nobody needs are asked side by side");
        await UntilAsync(() => launch.State("db") == LaunchState.Stopping, "db is to end");
        Assert.Equal(0, launch["db"].Asked);
        launch["web"].End(0);
        await UntilAsync(() => launch["db"].Asked == 1, "db is asked");

        var result = await run;
        Assert.Equal(0, result.ExitCode);
        Assert.All(["db", "web", "alone"], name => Assert.True(launch[name].IsDisposed));
    }

    [Fact]
    public async Task A_second_request_waits_for_nobody_and_goes_to_the_next_step()
    {
        var launch = new FakeLaunch(Task("db"), Task("web", "db"));
        launch.Deaf.UnionWith(["web", "db"]);
        var run = Run(launch);
        await launch.IsStartedAsync("db", "web");
        launch.Runner.RequestStop("SIGINT", 0);
        await UntilAsync(() => launch["web"].Asked == 1, "web is asked");
        launch.Runner.Hurry("SIGINT again");
        await UntilAsync(() => launch["web"].IsKilled && launch["db"].Asked == 1, "web is killed, db is asked");
        Assert.False(launch["db"].IsKilled);
        launch["db"].End(0);
        var result = await run;
        Assert.Equal(0, result.ExitCode);
        Assert.Equal([TaskFate.Ended, TaskFate.Killed], result.Timeline!.Tasks.Select(task => task.Fate));
    }

    [Fact]
    public async Task A_third_request_kills_everything_and_the_exit_code_names_the_signal()
    {
        var launch = new FakeLaunch(Task("db"), Task("web", "db"));
        launch.Deaf.UnionWith(["web", "db"]);
        var run = Run(launch);
        await launch.IsStartedAsync("db", "web");
        launch.Runner.RequestStop("SIGINT", 0);
        await UntilAsync(() => launch["web"].Asked == 1, "web is asked");
        launch.Runner.KillAll("SIGINT a third time", 130);
        Assert.Equal(130, (await run).ExitCode);
        Assert.True(launch["db"].IsKilled);
        Assert.True(launch["web"].IsKilled);
    }

    [Fact]
    public async Task The_end_of_a_task_that_says_so_ends_the_launch_with_its_code()
    {
        var launch = new FakeLaunch(Task("server"), Task("client") with { QuitOnTerminate = true });
        var run = Run(launch);
        await launch.IsStartedAsync("server", "client");
        launch["client"].End(ProcessExitStatus.FromSignal(SIGKILL));
        Assert.Equal(137, (await run).ExitCode);
        Assert.Equal(1, launch["server"].Asked);
    }

    [Fact]
    public async Task Others_go_on_when_a_task_fails_that_nobody_needs()
    {
        var launch = new FakeLaunch(Task("job"), Task("server"));
        var run = Run(launch);
        await launch.IsStartedAsync("job", "server");
        launch["job"].End(9);
        await UntilAsync(() => launch.State("job") == LaunchState.Failed, "job has failed");
        Assert.Equal(0, launch["server"].Asked);
        launch.Runner.RequestStop("SIGINT", 0);
        Assert.Equal(0, (await run).ExitCode);
    }

    [Fact]
    public async Task The_launch_ends_when_no_task_is_left_with_the_code_of_the_first_that_failed()
    {
        var launch = new FakeLaunch(Task("a"), Task("b"), Task("c"));
        var run = Run(launch);
        await launch.IsStartedAsync("a", "b", "c");
        launch["c"].End(5);
        launch["b"].End(4);
        launch["a"].End(0);
        var result = await run;
        Assert.Equal(4, result.ExitCode);
        Assert.Null(result.Timeline);
    }

    [Fact]
    public async Task A_task_in_its_start_delay_is_not_started_by_a_stop()
    {
        var launch = new FakeLaunch(Task("late") with { StartDelay = TimeSpan.FromSeconds(60) }, Task("now"));
        var run = Run(launch);
        await launch.IsStartedAsync("now");
        launch.Runner.RequestStop("SIGINT", 0);
        var result = await run;
        Assert.Equal(["now"], launch.Started);
        Assert.Equal(TaskFate.NotStarted, result.Timeline!.Tasks[0].Fate);
    }

    [Fact]
    public async Task The_picture_of_a_stop_counts_down_and_says_who_holds_it_up()
    {
        var launch = new FakeLaunch(Task("deaf"));
        launch.Deaf.Add("deaf");
        var run = Run(launch);
        await launch.IsStartedAsync("deaf");
        launch.Runner.RequestStop("SIGINT", 0);
        await UntilAsync(() => launch["deaf"].Asked == 1, "it is asked");
        launch.Time.Advance(TimeSpan.FromSeconds(4));
        launch["deaf"].Report(0, 5);
        var stop = Assert.Single(launch.Runner.Views()).Stop!;
        Assert.Equal((SIGINT, 5, SIGKILL, TimeSpan.FromSeconds(11)), (stop.Signal, stop.Attempt, stop.NextSignal!.Value, stop.NextIn!.Value));
        Assert.Equal("fake", Assert.Single(stop.Remaining).Name);
        launch["deaf"].End(0);
        await run;
    }

    [Fact]
    public async Task A_restart_shows_in_the_table_and_in_a_message()
    {
        var launch = new FakeLaunch(Task("a") with { Restart = RestartWhen.Always });
        var run = Run(launch);
        await launch.IsStartedAsync("a");
        var process = launch["a"];
        var identity = new ProcessIdentity { Id = process.Id };
        process.Happen(new SupervisedProcessEvent(SupervisedProcessState.Waiting, identity, ProcessExitStatus.FromCode(1), TimeSpan.FromSeconds(5)));
        await UntilAsync(() => launch.State("a") == LaunchState.Restarting, "it waits");
        Assert.Equal("starts again in 5 s: ended with exit code 1", launch.Runner.Views()[0].Detail);
        launch.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal("starts again in 4 s: ended with exit code 1", launch.Runner.Views()[0].Detail);
        await UntilAsync(() => launch.Messages.Contains("task 'a' ended with exit code 1, and is started again in 5s"), "it is told");
        process.Restarts = 1;
        process.Happen(new SupervisedProcessEvent(SupervisedProcessState.Running, identity));
        await UntilAsync(() => launch.State("a") == LaunchState.Running, "it runs");
        Assert.Equal((1, ""), (launch.Runner.Views()[0].Restarts, launch.Runner.Views()[0].Detail));
        launch.Runner.RequestStop("SIGINT", 0);
        await run;
    }

    [Fact]
    public async Task A_task_in_its_pause_is_not_started_again_while_those_that_need_it_are_stopped()
    {
        var launch = new FakeLaunch(Task("db") with { Restart = RestartWhen.Always }, Task("web", "db"));
        launch.Deaf.Add("web");
        var run = Run(launch);
        await launch.IsStartedAsync("db", "web");
        launch.Runner.RequestStop("SIGINT", 0);
        await UntilAsync(() => launch["web"].Asked == 1, "web is asked");
        Assert.Equal(0, launch["db"].Asked);
        launch["db"].Happen(new SupervisedProcessEvent(SupervisedProcessState.Waiting, new ProcessIdentity { Id = 1 }, ProcessExitStatus.FromCode(1), TimeSpan.FromSeconds(5)));
        await UntilAsync(() => launch["db"].Asked == 1, "db is stopped, although web is there");
        launch["web"].End(0);
        await run;
        Assert.DoesNotContain(launch.Messages, text => text.Contains("started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_delay_begins_anew_with_each_start()
    {
        var launch = new FakeLaunch(Task("a") with { Restart = RestartWhen.Always, Ready = new ReadyCondition.Delay(TimeSpan.FromSeconds(5)) }, Task("b", "a"));
        var run = Run(launch);
        await launch.IsStartedAsync("a");
        await UntilAsync(() => launch.Time.Timers == 1, "the delay has begun");
        launch.Time.Advance(TimeSpan.FromSeconds(3));
        var identity = new ProcessIdentity { Id = 1 };
        launch["a"].Happen(new SupervisedProcessEvent(SupervisedProcessState.Waiting, identity, ProcessExitStatus.FromCode(1), TimeSpan.Zero));
        launch["a"].Happen(new SupervisedProcessEvent(SupervisedProcessState.Running, identity));
        await UntilAsync(() => launch.Messages.Any(text => text.Contains("started again", StringComparison.Ordinal)) && launch.State("a") == LaunchState.Starting, "it runs again");
        launch.Time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(() => launch.Time.Timers == 1, "it goes on waiting");
        Assert.Equal(LaunchState.Starting, launch.State("a"));
        launch.Time.Advance(TimeSpan.FromSeconds(3));
        await launch.IsStartedAsync("b");
        launch.Runner.RequestStop("over", 0);
        await run;
    }

    [Fact]
    public async Task A_task_that_leaves_its_file_and_ends_was_ready()
    {
        var launch = new FakeLaunch(Task("init") with { Ready = new ReadyCondition.File("/x") }, Task("web", "init"));
        var run = Run(launch);
        await launch.IsStartedAsync("init");
        await UntilAsync(() => launch.Time.Timers == 2, "the file is looked for");
        launch.IsThere = true;
        launch["init"].End(0);
        await launch.IsStartedAsync("web");
        launch["web"].End(0);
        Assert.Equal(0, (await run).ExitCode);
    }
}
