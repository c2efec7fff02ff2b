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
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Signals; i++)
        {
            child.Send(ShutdownSignals.Parse(signal));
            await child.ExpectNextAsync("got");
        }

        // Where a thread of the pool is lost with each, it takes the runtime half a second or more to make the next: 15 s and more.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
