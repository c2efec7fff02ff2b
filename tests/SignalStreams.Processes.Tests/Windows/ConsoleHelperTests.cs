namespace SignalStreams.Processes.Tests.Windows;

/// <summary>When the console helper is run once more.</summary>
public sealed class ConsoleHelperTests
{
    [Theory]
    [InlineData(ConsoleHelperResult.Interrupted)]
    [InlineData(ConsoleHelperResult.NotStarted)]
    internal void What_passes_is_tried_again(ConsoleHelperResult result)
    {
        var runs = 0;
        Assert.Equal(ConsoleHelperResult.Sent, ConsoleHelper.Run(() => ++runs < 3 ? result : ConsoleHelperResult.Sent).Result);
        Assert.Equal(3, runs);

        runs = 0;
        Assert.Equal(new(result, "run 5"), ConsoleHelper.Run(() => new(result, $"run {++runs}")));
    }

    [Theory]
    [InlineData(ConsoleHelperResult.Sent)]
    [InlineData(ConsoleHelperResult.Gone)]
    [InlineData(ConsoleHelperResult.Refused)]
    [InlineData(ConsoleHelperResult.NotWritten)]
    [InlineData(ConsoleHelperResult.NotEnded)]
    internal void What_stays_is_said_at_once(ConsoleHelperResult result)
    {
        var runs = 0;
        Assert.Equal(new(result, "run 1"), ConsoleHelper.Run(() => new(result, $"run {++runs}")));
    }
}
