using System.Diagnostics;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("supervise")]
public sealed class SuperviseTests
{
    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGTERM)]
    public async Task Signal_stops_both_children_and_their_last_lines_are_printed(ShutdownSignal signal)
    {
        using var program = await ExampleProcess.StartAsync("supervise");
        var first = await program.LineAsync("at work");
        var second = await program.LineAsync("at work");
        Assert.Equal(["[server]", "[worker]"], new[] { first, second }.Select(line => line.Split(' ')[0]).Order());

        program.Kill(signal);
        var (code, rest) = await program.EndAsync();
        Assert.Contains(rest, line => line.StartsWith($"stopping: {signal.GetName()} from ", StringComparison.Ordinal));
        Assert.Equal(["[server] put away", "[worker] put away"], rest.Where(line => line.EndsWith("put away", StringComparison.Ordinal)).Order());
        Assert.Equal("both have ended, goodbye", rest[^1]);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Children_end_when_the_program_is_killed()
    {
        await using (var probe = SupervisedProcess.Start(new ProcessStartInfo("true")))
        {
            Assert.SkipUnless(probe.Containment.HasFlag(ProcessContainment.Keeper), "There was no C compiler, or the system does not execute the keeper.");
        }

        using var program = await ExampleProcess.StartAsync("supervise");
        string[] children = [await program.LineAsync("at work"), await program.LineAsync("at work")];

        program.Kill(SIGKILL);
        await program.EndAsync();
        foreach (var child in children)
        {
            await Patience.UntilAsync(() => !Directory.Exists($"/proc/{child.Split(' ')[^1]}"), $"the end of {child}");
        }
    }
}
