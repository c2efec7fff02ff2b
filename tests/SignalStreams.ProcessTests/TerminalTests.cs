using System.Globalization;

namespace SignalStreams.ProcessTests;

/// <summary>The program in a real terminal, of which the test holds the other side.</summary>
public sealed class TerminalTests
{
    private const string CtrlC = "\u0003";
    private const string CtrlS = "\u0013";
    private const string CtrlBackslash = "\u001c";

    [Fact]
    public async Task Typed_keys_arrive_as_signals()
    {
        // Without echo, so that the lines hold what the program prints and no more.
        var shell = new ChildStart("sh", "-c", "stty -echo; exec \"$0\" AwaitForeach SIGINT SIGQUIT", ChildStart.TestProgram) with { Input = ChildInput.Terminal };
        using var child = await ChildProcess.StartReadyAsync(shell);
        child.Type(CtrlC);
        await child.ExpectAsync("SIGINT");
        child.Type(CtrlBackslash);
        await child.ExpectAsync("SIGQUIT");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Third_Ctrl_C_ends_the_process_and_the_terminal_echoes_again()
    {
        using var child = await StartReadKeyAsync("cancel-on");
        child.Type(CtrlC);
        await child.ExpectAllAsync("cancelled SIGINT", "attempts 1");
        await AttemptGap.PassAsync();
        child.Type(CtrlC);
        await child.ExpectAsync("attempts 2");
        Assert.False(child.TerminalEchoes);
        await AttemptGap.PassAsync();
        child.Type(CtrlC);
        await child.AssertEndsAsync(SIGINT);
        Assert.True(child.TerminalEchoes);
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("run")]
    public async Task End_by_the_first_Ctrl_C_leaves_a_terminal_that_echoes(string way)
    {
        using var child = await StartReadKeyAsync(way);
        child.Type(CtrlC);
        await child.AssertEndsAsync(SIGINT);
        Assert.True(child.TerminalEchoes);
    }

    [Theory]
    [InlineData("exit-after-key")]
    [InlineData("cancel-on-after-key")]
    public async Task End_of_a_program_that_read_a_key_before_it_listened_leaves_a_terminal_that_echoes(string way)
    {
        using var child = await StartReadKeyAsync(way);
        child.Type("x");
        await child.AssertEndsAsync(SIGINT);
        Assert.Contains("key x", child.Output, StringComparison.Ordinal);
        Assert.True(child.TerminalEchoes);
    }

    [Fact]
    public async Task Last_attempt_ends_a_process_whose_terminal_takes_no_output()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("ReadKey", "stopped-output") with { Input = ChildInput.Terminal });
        child.Type(CtrlS);
        await child.AssertEndsAsync(SIGINT);
    }

    [Fact]
    public async Task Third_signal_leaves_a_terminal_that_the_user_had_set_as_it_was()
    {
        // Without echo before the program has begun: that is what it has to leave.
        var shell = new ChildStart("sh", "-c", "stty -echo; exec \"$0\" Hung blocked", ChildStart.TestProgram) with { Input = ChildInput.Terminal };
        using var child = await ChildProcess.StartReadyAsync(shell);
        Assert.False(child.TerminalEchoes);
        child.Send(SIGINT);
        await child.ExpectAllAsync("token hangs", "callback hangs", "loop hangs", "attempts 1");
        child.Send(SIGTERM);
        await child.ExpectAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
        Assert.False(child.TerminalEchoes);
    }

    [Fact]
    public async Task Third_signal_ends_a_process_in_the_background_of_a_terminal()
    {
        // The terminal stops a background process that sets it: restoring must not be tried there.
        var shell = new ChildStart("bash", "-c", "set -m; \"$0\" Hung blocked & echo started $!; wait $!; echo ended $?", ChildStart.TestProgram) with { Input = ChildInput.Terminal };
        using var child = shell.Run();
        var id = int.Parse(await child.ExpectRestAsync("started "), CultureInfo.InvariantCulture);
        await child.ExpectAsync("ready");
        child.SendTo(id, SIGINT);
        await child.ExpectAllAsync("token hangs", "callback hangs", "loop hangs", "attempts 1");
        child.SendTo(id, SIGTERM);
        await child.ExpectAsync("attempts 2");
        child.SendTo(id, SIGQUIT);
        await child.ExpectAsync("ended 131");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Typed_Ctrl_C_ends_the_loop_of_a_shell_that_runs_the_program()
    {
        var loop = new ChildStart("bash", "-c", "while true; do \"$0\" RunMain throws-cancellation; echo again; done", ChildStart.TestProgram) with { Input = ChildInput.Terminal };
        using var child = await ChildProcess.StartReadyAsync(loop);
        child.Type(CtrlC);
        await child.AssertEndsAsync(SIGINT);
        Assert.Contains("ProcessExit", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("again", child.Output, StringComparison.Ordinal);
    }

    private static async Task<ChildProcess> StartReadKeyAsync(string way)
    {
        var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("ReadKey", way) with { Input = ChildInput.Terminal });
        return await child.AfterAsync(_ => child.UntilAsync(() => !child.TerminalEchoes, "turn the echo of its terminal off"));
    }
}
