using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("nito")]
public sealed class NitoTests
{
    [Fact]
    public async Task Signal_ends_a_loop_of_AsyncContext_on_its_own_thread()
    {
        var build = await ExampleBuild.ResultAsync("nito");
        Assert.SkipWhen(
            build.Output.Contains("error NU1101: Unable to find package Nito.AsyncEx.", StringComparison.Ordinal),
            "NOT RUN: no package source that this machine reaches has Nito.AsyncEx 5.1.2 (NU1101). Run the tests where a source has it.");

        using var program = await ExampleProcess.StartAsync("nito");
        await program.LineAsync("waiting");
        program.Kill(SIGHUP);
        await program.LineAsync("SIGHUP, on the loop's thread: True");
        program.Kill(SIGTERM);
        await program.LineAsync("SIGTERM, on the loop's thread: True");
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["the loop has ended, goodbye"], rest);
        Assert.Equal(0, code);
    }
}
