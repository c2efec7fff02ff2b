using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("protected-worker")]
public sealed class ProtectedWorkerTests
{
    [Theory]
    [InlineData(SIGTERM, 143)]
    [InlineData(SIGINT, 130)]
    public async Task Worker_finishes_its_item_and_the_main_function_waits_for_it(ShutdownSignal signal, int code)
    {
        using var program = await ExampleProcess.StartAsync("protected-worker");
        await program.LineAsync("item 1 is done");
        program.Kill(signal);
        var (actual, rest) = await program.EndAsync();
        Assert.Equal([.. Enumerable.Range(2, rest.Length - 1).Select(item => $"item {item} is done"), "the worker has ended"], rest);
        Assert.Equal(code, actual);
    }
}
