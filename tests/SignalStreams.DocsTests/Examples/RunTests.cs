using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("run")]
public sealed class RunTests
{
    [Theory]
    [InlineData(SIGTERM, 143)]
    [InlineData(SIGINT, 130)]
    [InlineData(SIGHUP, 129)]
    public async Task Signal_lets_the_program_clean_up_and_is_its_exit_status(ShutdownSignal signal, int code)
    {
        using var program = await ExampleProcess.StartAsync("run");
        await program.LineAsync("working");
        program.Kill(signal);
        var (actual, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(code, actual);
    }
}
