using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("reload")]
public sealed class ReloadTests
{
    [Fact]
    public async Task SIGHUP_reloads_however_often_and_SIGTERM_ends_it()
    {
        using var program = await ExampleProcess.StartAsync("reload");
        await program.LineAsync("serving");
        for (var i = 0; i < 4; i++)
        {
            // More often than there are attempts.
            program.Kill(SIGHUP);
            await program.LineAsync("the configuration is reloaded");
        }

        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["served the last one", "goodbye"], rest);
        Assert.Equal(143, code);
    }
}
