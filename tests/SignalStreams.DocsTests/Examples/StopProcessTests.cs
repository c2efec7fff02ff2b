using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("stop-process")]
public sealed class StopProcessTests
{
    [Fact]
    public async Task Child_that_ignores_SIGTERM_is_asked_twice_and_killed_with_its_own_child()
    {
        using var program = await ExampleProcess.StartAsync("stop-process");
        var id = (await program.LineAsync(": ready")).Split(' ', ':')[1];
        await program.LineAsync("the plan: SIGTERM every 1 s, 2 s, SIGKILL");
        var (code, rest) = await program.EndAsync();

        // On a machine that stands still the times are later, and a repeat whose time has passed is left out.
        Assert.InRange(rest.Length, 3, 4);
        Assert.Matches($"^after [0-9]+ s: SIGTERM, attempt 1, to .*{id} \\(sh\\)$", rest[0]);
        Assert.All(rest[1..^2], line => Assert.Matches($"^after [0-9]+ s: SIGTERM, attempt 2, to .*{id} \\(sh\\)$", line));
        Assert.Matches($"^after [0-9]+ s: SIGKILL, attempt 1, to .*{id} \\(sh\\)$", rest[^2]);
        Assert.Matches($"^the tree of process {id} \\(sh\\) was killed after [0-9.]+ s: SIGKILL$", rest[^1]);
        Assert.Equal(0, code);
    }
}
