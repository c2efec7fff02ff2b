using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("token")]
public sealed class TokenTests
{
    [Fact]
    public async Task SIGTERM_cancels_the_work_and_the_program_ends_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("token");
        await program.LineAsync("working");
        program.Kill(SIGTERM);
        await program.LineAsync("stopped by SIGTERM from ");
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task SIGHUP_was_not_named_and_ends_it_as_the_system_does()
    {
        using var program = await ExampleProcess.StartAsync("token");
        await program.LineAsync("working");
        program.Kill(SIGHUP);
        var (code, rest) = await program.EndAsync();
        Assert.Empty(rest);
        Assert.Equal(129, code);
    }
}
