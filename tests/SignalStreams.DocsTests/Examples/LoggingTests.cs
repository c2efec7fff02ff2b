using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("logging")]
public sealed class LoggingTests
{
    [Fact]
    public async Task Callback_that_throws_is_logged_and_the_program_goes_on()
    {
        using var program = await ExampleProcess.StartAsync("logging");
        await program.LineAsync("waiting");
        program.Kill(SIGHUP);
        var line = await program.LineAsync("the callback failed");
        Assert.StartsWith("fail: SignalStreams[1] A consumer of OnShutdown threw, which ended nothing else: System.InvalidOperationException", line, StringComparison.Ordinal);
        program.Kill(SIGTERM);
        Assert.Equal(0, (await program.EndAsync()).Code);
    }
}
