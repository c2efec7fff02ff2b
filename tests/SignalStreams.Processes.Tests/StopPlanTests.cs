namespace SignalStreams.Processes.Tests;

public sealed class StopPlanTests
{
    [Fact]
    public void The_default_plan_asks_waits_four_seconds_and_kills() =>
        Assert.Equal([SIGTERM, SIGKILL], StopPlan.Default.Steps.Select(step => step.Signal));

    [Fact]
    public void Plans_describe_themselves()
    {
        Assert.Equal("SIGTERM, 4 s, SIGKILL", StopPlan.Default.ToString());
        Assert.Equal("SIGINT every 1 s, 15 s, SIGKILL", StopPlan.Interactive.ToString());
        Assert.Equal("SIGUSR1, 4 s", StopPlan.Gooey(SIGUSR1).ToString());
        Assert.Equal("SIGTERM, for ever", StopPlan.Send(SIGTERM, Timeout.InfiniteTimeSpan).ToString());
        Assert.Equal("SIGINT, 0.35 s, SIGTERM, 5 s, SIGKILL", StopPlan.Send((ShutdownSignal)2, TimeSpan.FromSeconds(0.35)).Then(SIGTERM, TimeSpan.FromSeconds(5)).ThenKill().ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(50 * 24 * 3600)]
    public void Times_that_make_no_sense_are_refused(int seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(seconds)));
        Assert.Throws<ArgumentOutOfRangeException>("repeatEvery", () => StopPlan.Default.Then(SIGTERM, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void A_signal_that_no_platform_has_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StopPlan.Gooey(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StopPlan.Gooey((ShutdownSignal)(-77)));
    }

    [Fact]
    public void A_plan_is_not_changed_by_what_is_built_on_it()
    {
        var plan = StopPlan.Gooey(SIGINT);
        _ = plan.ThenKill();
        Assert.Single(plan.Steps);
    }
}
