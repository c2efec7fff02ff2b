using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("quickstart")]
public sealed class QuickstartTests
{
    [Fact]
    public async Task Signals_are_printed_and_SIGTERM_ends_it_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("quickstart");
        Assert.StartsWith($"pid {program.Id}: waiting.", await program.LineAsync("waiting"), StringComparison.Ordinal);

        program.Kill(SIGHUP);
        Assert.StartsWith("1: SIGHUP from ", await program.LineAsync("SIGHUP"), StringComparison.Ordinal);
        await program.LineAsync("reloading the configuration");

        program.Kill(SIGUSR1);
        Assert.StartsWith("2: SIGUSR1 from ", await program.LineAsync("SIGUSR1"), StringComparison.Ordinal);

        program.Kill(SIGTERM);
        Assert.StartsWith("3: SIGTERM from ", await program.LineAsync("SIGTERM"), StringComparison.Ordinal);
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task SIGINT_ends_it_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("quickstart");
        await program.LineAsync("waiting");
        program.Kill(SIGINT);
        await program.LineAsync("1: SIGINT from ");
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }
}
