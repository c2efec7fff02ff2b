using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("rx")]
public sealed class RxTests
{
    [Fact]
    public async Task Every_SIGHUP_arrives_and_a_burst_of_them_is_one_reload()
    {
        using var program = await ExampleProcess.StartAsync("rx");
        Assert.StartsWith($"pid {program.Id}: waiting.", await program.LineAsync("waiting"), StringComparison.Ordinal);
        for (var burst = 1; burst <= 2; burst++)
        {
            program.Kill(SIGHUP);
            await program.LineAsync("SIGHUP arrived");
            program.Kill(SIGHUP);
            await program.LineAsync("SIGHUP arrived");
            await program.LineAsync("reload ");
        }

        program.Kill(SIGTERM);
        Assert.StartsWith("asked to stop: SIGTERM from ", await program.LineAsync("asked to stop"), StringComparison.Ordinal);
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task SIGINT_ends_it_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("rx");
        await program.LineAsync("waiting");
        program.Kill(SIGINT);
        var (code, rest) = await program.EndAsync();
        Assert.Equal("cleaned up, goodbye", rest[^1]);
        Assert.Equal(0, code);
    }
}
