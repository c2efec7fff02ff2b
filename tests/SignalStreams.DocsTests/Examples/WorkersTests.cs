using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("workers")]
public sealed class WorkersTests
{
    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGTERM)]
    public async Task Failed_worker_is_started_again_and_a_signal_ends_all_of_them(ShutdownSignal signal)
    {
        using var program = await ExampleProcess.StartAsync("workers");
        await program.LineAsync("index has failed: the index is locked");
        await program.LineAsync("index: attempt 2");

        program.Kill(signal);
        var (code, rest) = await program.EndAsync();
        Assert.Contains(rest, line => line.StartsWith($"stopping: {signal.GetName()} from ", StringComparison.Ordinal));
        Assert.Equal(["index: put away", "mail: put away", "thumbnails: put away"], rest.Where(line => line.EndsWith("put away", StringComparison.Ordinal)).Order());
        Assert.Equal("all workers have ended, goodbye", rest[^1]);
        Assert.Equal(0, code);
    }
}
