using System.Globalization;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("rx")]
public sealed class RxTests
{
    [Fact]
    public async Task Every_SIGHUP_arrives_and_many_of_them_make_fewer_reloads()
    {
        const int Many = 20;
        using var program = await ExampleProcess.StartAsync("rx");
        Assert.StartsWith($"pid {program.Id}: waiting.", await program.LineAsync("waiting"), StringComparison.Ordinal);
        for (var i = 0; i < Many; i++)
        {
            program.Kill(SIGHUP);
            await program.LineAsync("SIGHUP arrived");
        }

        // Not "reload 1": on a machine that stands still for a second, what should be one burst is two. For each to have a reload of its own
        // it would have to do so between any two of them.
        var last = await program.LineAsync("reload ");
        Assert.InRange(int.Parse(last["reload ".Length..], CultureInfo.InvariantCulture), 1, Many - 1);

        program.Kill(SIGTERM);
        Assert.StartsWith("asked to stop: SIGTERM from ", await program.LineAsync("asked to stop"), StringComparison.Ordinal);
        var (code, rest) = await program.EndAsync();
        Assert.Equal("cleaned up, goodbye", rest[^1]);
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
