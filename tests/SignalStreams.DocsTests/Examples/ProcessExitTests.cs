using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("process-exit")]
public sealed class ProcessExitTests
{
    // The first thing that the README says.
    [Fact]
    public async Task SIGTERM_runs_neither_ProcessExit_nor_finally()
    {
        using var program = await ExampleProcess.StartAsync("process-exit");
        await program.LineAsync("waiting");
        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Empty(rest);
        Assert.Equal(143, code);
    }

    [Fact]
    public async Task Normal_end_runs_both()
    {
        using var program = await ExampleProcess.StartAsync("process-exit");
        await program.LineAsync("waiting");
        program.PressEnter();
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["finally ran", "ProcessExit ran"], rest);
        Assert.Equal(0, code);
    }
}
