namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>A terminal whose echo is off, since the process reads keys, when the process ends.</summary>
public sealed class EchoTests
{
    private const string CtrlC = "\u0003";

    [Theory]
    [InlineData("manager")]
    [InlineData("manager-overdue")]
    public async Task End_by_the_first_Ctrl_C_leaves_a_terminal_that_echoes_whoever_holds_it_up(string way)
    {
        using var child = await StartAsync(way);
        child.Type(CtrlC);
        await child.AssertEndsAsync(SIGINT, "a");
        Assert.True(child.TerminalEchoes);
    }

    [Fact]
    public async Task Third_Ctrl_C_leaves_a_terminal_that_echoes()
    {
        using var child = await StartAsync("manager-hung");
        child.Type(CtrlC);
        await child.ExpectAllAsync("handler a", "attempts 1");
        await AttemptGap.PassAsync();
        child.Type(CtrlC);
        await child.ExpectAsync("attempts 2");
        Assert.False(child.TerminalEchoes);
        await AttemptGap.PassAsync();
        child.Type(CtrlC);
        await child.AssertEndsAsync(SIGINT);
        Assert.True(child.TerminalEchoes);
    }

    [Fact]
    public async Task Crash_leaves_a_terminal_that_echoes()
    {
        using var child = await StartAsync("manager-crash-after-key");
        child.Type("x");
        await child.AssertEndsAsync(ShutdownSignals.Parse("SIGABRT"), "a");
        Assert.True(child.TerminalEchoes);
    }

    private static async Task<ChildProcess> StartAsync(string way)
    {
        var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("ReadKey", way) with { Input = ChildInput.Terminal });
        return await child.AfterAsync(_ => child.UntilAsync(() => !child.TerminalEchoes, "turn the echo of its terminal off"));
    }
}
