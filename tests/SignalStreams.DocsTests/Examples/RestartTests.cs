using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("restart")]
public sealed class RestartTests
{
    [Fact]
    public async Task Failing_child_is_started_again_three_times_after_growing_pauses()
    {
        using var program = await ExampleProcess.StartAsync("restart");
        var (code, lines) = await program.EndAsync();
        var pauses = lines.Where(line => line.StartsWith("worker ended with exit code 3; starting again in ", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(3, pauses.Length);
        Assert.InRange(pauses[0], 90, 110);
        Assert.InRange(pauses[1], 180, 220);
        Assert.InRange(pauses[2], 360, 440);
        Assert.Equal(4, lines.Count(line => line.StartsWith("worker runs as process ", StringComparison.Ordinal)));
        Assert.Equal(["worker: Ended", "given up after 3 restarts: exit code 3"], lines[^2..]);
        Assert.Equal(3, code);
    }
}
