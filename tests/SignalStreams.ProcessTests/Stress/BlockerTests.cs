namespace SignalStreams.ProcessTests.Stress;

public sealed class BlockerTests
{
    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGUSR1")]
    public async Task Consumers_that_block_their_threads_for_ever_delay_no_other(string signal)
    {
        const int Signals = 30;
        using var child = await ChildProcess.StartReadyAsync("StressBlockers", signal, $"{Signals}");
        for (var i = 0; i < Signals; i++)
        {
            child.Send(ShutdownSignals.Parse(signal));
            await child.ExpectAsync("got");
        }

        // Where a thread of the pool were lost with each, it would take the runtime half a second or more to make the next: no more than one is lent out.
        await child.UntilAsync(() => LinesThatBegin(child, "blocks ") == Signals, "block a thread for each signal");
        Assert.InRange(LinesThatBegin(child, "blocks the pool"), 0, 1);
    }

    private static int LinesThatBegin(ChildProcess child, string start) =>
        child.Output.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));
}
