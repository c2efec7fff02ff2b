namespace SignalStreams.Tool.Tests;

public sealed class StopPlanTextTests
{
    [Fact]
    public void Plan_is_read_step_by_step()
    {
        Assert.True(StopPlanText.TryParse("INT:15s/1s, sigterm:500ms ,KILL", out var plan, out _));
        Assert.Equal(
            [new StopPlanStep(SIGINT, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1)), new StopPlanStep(SIGTERM, TimeSpan.FromMilliseconds(500), null), new StopPlanStep(SIGKILL, TimeSpan.FromSeconds(2), null)],
            plan.Steps);
    }

    [Fact]
    public void Names_stand_for_the_ready_plans()
    {
        Assert.True(StopPlanText.TryParse("interactive", out var interactive, out _));
        Assert.True(StopPlanText.TryParse("default", out var ordinary, out _));
        Assert.Same(StopPlan.Interactive, interactive);
        Assert.Same(StopPlan.Default, ordinary);
    }

    [Fact]
    public void Patience_can_be_for_ever()
    {
        Assert.True(StopPlanText.TryParse("TERM:forever/5s", out var plan, out _));
        Assert.Equal([new StopPlanStep(SIGTERM, Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(5))], plan.Steps);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("TERM,", 6)]
    [InlineData("TERM,,KILL", 6)]
    [InlineData(" NOPE", 2)]
    [InlineData("TERM:4x", 6)]
    [InlineData("TERM:4s/x", 9)]
    [InlineData("TERM:4s/0", 9)]
    [InlineData("TERM:0", 6)]
    [InlineData("INT:1s,KILL: y", 14)]
    [InlineData(":4s", 1)]
    public void Error_names_its_column(string text, int column)
    {
        Assert.False(StopPlanText.TryParse(text, out _, out var error));
        Assert.Contains($"column {column}:", error, StringComparison.Ordinal);
    }
}
