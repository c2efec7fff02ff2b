namespace SignalStreams.Processes.Tests;

public sealed class StopPlanTests
{
    [Fact]
    public void The_default_plan_asks_waits_four_seconds_and_kills() =>
        Assert.Equal([SIGTERM, SIGKILL], StopPlan.Default.Steps.Select(step => step.Signal));
}
