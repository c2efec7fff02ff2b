using SignalStreams.DocsTests.Support;
using SignalStreams.ProcessTests;

namespace SignalStreams.DocsTests.Examples;

[Example("exit-handlers")]
public sealed class ExitHandlersTests
{
    [Theory]
    [InlineData(SIGTERM, 143)]
    [InlineData(SIGINT, 130)]
    [InlineData(SIGQUIT, 131)]
    [InlineData(SIGHUP, 129)]
    public async Task Signal_cleans_up_and_is_the_exit_status(ShutdownSignal signal, int code)
    {
        using var program = await ExampleProcess.StartAsync("exit-handlers");
        await program.LineAsync("waiting");
        program.Kill(signal);
        var (actual, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up"], rest);
        Assert.Equal(code, actual);
    }

    [Fact]
    public async Task Normal_end_cleans_up()
    {
        using var program = await ExampleProcess.StartAsync("exit-handlers");
        await program.LineAsync("waiting");
        program.PressEnter();
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up"], rest);
        Assert.Equal(0, code);
    }

    // The exit code 130 says the same to a shell's $?, and not to its loops: hence wait(2), and a terminal.
    [Fact]
    public async Task Typed_Ctrl_C_ends_it_by_SIGINT()
    {
        var build = await ExampleBuild.ResultAsync("exit-handlers");
        Assert.True(build.Succeeded, build.Output);
        using var terminal = new TerminalProcess($"'{build.Executable}'");
        await terminal.LineAsync("waiting");
        terminal.Type("\u0003");
        await terminal.LineAsync("cleaned up");
        Assert.Equal(ExitStatus.Of(SIGINT), await terminal.EndAsync());
    }
}
