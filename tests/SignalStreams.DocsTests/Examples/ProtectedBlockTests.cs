using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("protected-block")]
public sealed class ProtectedBlockTests
{
    [Theory]
    [InlineData(SIGTERM, 143)]
    [InlineData(SIGINT, 130)]
    public async Task Step_is_finished_and_none_is_begun(ShutdownSignal signal, int code)
    {
        using var program = await ExampleProcess.StartAsync("protected-block");
        await program.LineAsync("working");
        program.Kill(signal);
        var (actual, rest) = await program.EndAsync();

        // In the middle of the first step, or of a later one on a machine that stands still.
        Assert.NotEmpty(rest);
        Assert.Equal(Enumerable.Range(1, rest.Length).Select(step => $"step {step} is done"), rest);
        Assert.Equal(code, actual);
    }
}
