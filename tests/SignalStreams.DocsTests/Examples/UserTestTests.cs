using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("user-test")]
public sealed class UserTestTests
{
    [Fact]
    public async Task All_its_tests_pass()
    {
        using var program = await ExampleProcess.StartAsync("user-test");
        var (code, rest) = await program.EndAsync();
        Assert.Equal(
            [
                "passed: SIGTERM stops the service and saves its state",
                "passed: SIGHUP reloads and goes on",
                "passed: SIGQUIT is nobody's, and would have ended the process",
            ],
            rest);
        Assert.Equal(0, code);
    }
}
