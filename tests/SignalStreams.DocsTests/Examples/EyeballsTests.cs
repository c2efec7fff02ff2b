using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("eyeballs")]
public sealed class EyeballsTests
{
    [Fact]
    public async Task First_address_that_answers_wins_and_the_others_are_given_up()
    {
        using var program = await ExampleProcess.StartAsync("eyeballs");
        var (code, lines) = await program.EndAsync();
        Assert.Equal([$"pid {program.Id}: connecting", "silent: trying", "refusing: trying"], lines[..3]);
        Assert.Contains("answering: trying", lines);
        Assert.Contains("silent: given up", lines);
        Assert.StartsWith("the end: connected to 127.0.0.1:", lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task All_fail_and_the_exit_code_says_so()
    {
        using var program = await ExampleProcess.StartAsync("eyeballs", "refusing", "refusing");
        await program.LineAsync("the end: 2 attempts have failed");
        Assert.Equal(1, (await program.EndAsync()).Code);
    }

    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGTERM)]
    public async Task Signal_ends_a_race_that_nobody_wins(ShutdownSignal signal)
    {
        using var program = await ExampleProcess.StartAsync("eyeballs", "silent");
        await program.LineAsync("silent: trying");
        program.Kill(signal);
        var (code, rest) = await program.EndAsync();
        Assert.Contains("silent: given up", rest);
        Assert.Contains(rest, line => line.StartsWith($"the end: {signal.GetName()} from ", StringComparison.Ordinal));
        Assert.Equal(0, code);
    }
}
