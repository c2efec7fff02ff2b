namespace SignalStreams.ProcessTests;

public sealed class RunTests
{
    public static TheoryData<string> Terminating { get; } = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

    [Theory]
    [MemberData(nameof(Terminating))]
    public async Task Main_that_a_signal_ended_ends_the_process_by_it_after_all_clean_up(string name)
    {
        using var child = await StartAsync("throws-cancellation");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectNextAsync("finally");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Fact]
    public async Task Main_that_returns_after_a_signal_ends_the_process_by_it()
    {
        using var child = await StartAsync("returns");
        child.Send(SIGTERM);
        await child.ExpectNextAsync("finally");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Chosen_signal_alone_is_listened_to()
    {
        using (var child = await StartAsync("only-SIGUSR1"))
        {
            child.Send(SIGUSR1);
            await child.ExpectNextAsync("finally");
            await child.AssertEndsAsync(SIGUSR1);
        }

        using (var child = await StartAsync("only-SIGUSR1"))
        {
            child.Send(SIGTERM);
            await child.AssertEndsAsync(SIGTERM);
            Assert.DoesNotContain("finally", child.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("returns-7", 7)]
    [InlineData("sets-5", 5)]
    public async Task Exit_code_that_main_asks_for_wins_over_the_signal(string main, int code)
    {
        using var child = await StartAsync(main);
        child.Send(SIGTERM);
        await child.ExpectNextAsync("finally");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(code);
    }

    [Fact]
    public async Task Exit_code_that_the_caller_returns_instead_wins_over_the_signal()
    {
        using var child = await StartAsync("ignored-0");
        child.Send(SIGTERM);
        await child.ExpectAsync("Run returned 143");
        await child.AssertEndsAsync(0);
    }

    [Theory]
    [MemberData(nameof(Terminating))]
    public async Task Program_that_passes_over_the_returned_code_ends_by_the_signal(string name)
    {
        using var child = await ChildProcess.StartReadyAsync(new ChildStart(ChildStart.VoidMainProgram));
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectNextAsync("after Run");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [InlineData("normal", 0)]
    [InlineData("normal-7", 7)]
    public async Task Without_a_signal_the_exit_code_is_that_of_main(string main, int code)
    {
        using var child = ChildProcess.Start("RunMain", main);
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(code);
    }

    [Fact]
    public async Task Error_of_main_is_passed_on()
    {
        using var child = await StartAsync("throws");
        child.Send(SIGTERM);
        await child.AssertEndsAsync((ShutdownSignal)6);
        Assert.Contains("the body failed", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_that_no_signal_asked_for_is_passed_on()
    {
        using var child = ChildProcess.Start("RunMain", "cancels-itself");
        await child.AssertEndsAsync((ShutdownSignal)6);
        Assert.Contains("nobody asked for it", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_signal_ends_a_main_that_does_not_end()
    {
        using var child = await StartAsync("hangs");
        child.Send(SIGINT);
        await child.ExpectAsync("cancelled");
        child.Send(SIGTERM);
        await child.ExpectAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
        Assert.DoesNotContain("ProcessExit", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_loop_of_a_shell_that_runs_the_program()
    {
        var loop = new ChildStart("bash", "-c", "while true; do \"$0\" RunMain throws-cancellation; echo again; done", ChildStart.TestProgram);
        using var child = await ChildProcess.StartReadyAsync(loop);
        child.SendToGroup(SIGINT);
        await child.AssertEndsAsync(SIGINT);
        Assert.Contains("ProcessExit", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("again", child.Output, StringComparison.Ordinal);
    }

    private static Task<ChildProcess> StartAsync(string main) => ChildProcess.StartReadyAsync("RunMain", main);
}
