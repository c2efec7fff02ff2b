namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>What the parent of a process sees after a shutdown that a signal asked for.</summary>
public sealed class ExitStatusTests
{
    public static TheoryData<string, int> Codes { get; } = new() { { "SIGHUP", 129 }, { "SIGINT", 130 }, { "SIGQUIT", 131 }, { "SIGTERM", 143 } };

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task ShellCode_is_128_and_the_number_of_the_signal(string name, int code)
    {
        using var child = await MainChild.StartAsync("configure status=shell", "handler a");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(code, "a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Code_is_the_chosen_one(int code)
    {
        using var child = await MainChild.StartAsync($"configure status={code}", "handler a");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(code, "a");
    }

    [Fact]
    public async Task Exit_code_set_before_the_signal_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "exit-code 5");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(5, "a");
    }

    [Fact]
    public async Task Exit_code_set_in_a_block_after_the_signal_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "configure rollback=0.1", "block b");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested", "exit-code 5");
        child.Tell("off b");
        await child.AssertEndsAsync(5, "a");
    }

    [Fact]
    public async Task Exit_code_set_while_main_returns_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "configure rollback=60", "watch");
        child.Send(SIGTERM);
        await child.ExpectAsync("stopping SIGTERM");
        await child.DoAsync("exit-code 5");
        child.Tell("main return");
        await child.AssertEndsAsync(5, "a");
    }

    [Theory]
    [InlineData("wait-stopping")]
    [InlineData("await-stopping")]
    public async Task Code_that_main_returns_after_the_token_is_kept(string wait)
    {
        using var child = await MainChild.StartAsync("handler a", "watch", $"main {wait}", "main exit 7");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(7, "a");
    }

    [Fact]
    public async Task Code_of_Environment_Exit_after_the_signal_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "configure rollback=60", "watch");
        child.Send(SIGTERM);
        await child.ExpectAsync("stopping SIGTERM");
        child.Tell("thread environment-exit 3");
        await child.AssertEndsAsync(3, "a");
    }

    [Fact]
    public async Task Code_of_Environment_Exit_during_the_clean_up_is_kept()
    {
        using var child = await MainChild.StartAsync("process-exit p", "handler a", "handler-waits h");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler h");
        await child.DoAndExpectAsync("thread environment-exit 3", "ProcessExit p");
        child.Tell("release h");
        await child.AssertEndsAsync(3, "h", "a");
    }

    [Fact]
    public async Task Code_of_Environment_Exit_is_kept_though_somebody_else_holds_up_ProcessExit_until_the_clean_up_is_over()
    {
        using var child = await MainChild.StartAsync("process-exit-waits p", "configure before-termination=prints", "handler a", "handler-waits h");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler h");
        await child.DoAndExpectAsync("thread environment-exit 3", "ProcessExit p waits");
        child.Tell("release h");
        await child.ExpectAsync("before termination");
        child.Tell("release p");
        await child.AssertEndsAsync(3, "h", "a");
    }

    [Fact]
    public async Task Exit_code_set_during_the_clean_up_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-waits h");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler h");
        await child.DoAsync("exit-code 5");
        child.Tell("release h");
        await child.AssertEndsAsync(5, "h", "a");
    }

    [Fact]
    public async Task Exit_code_that_a_handler_sets_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-sets-code h 5");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(5, "h", "a");
    }

    [Fact]
    public async Task Exit_code_0_that_main_returns_for_itself_after_the_token_is_kept()
    {
        using var child = await MainChild.StartAsync("handler a", "watch", "main wait-stopping", "main exit 0");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0, "a");
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public async Task Main_that_returns_because_another_listener_of_the_library_told_it_ends_by_the_signal(string name)
    {
        // Main is on its way out before the manager has begun to handle the signal: it has to know of it all the same. It waits a tenth of a second for that, which a machine
        // that is busy with other things may take away.
        const int Patience = 3;
        for (var i = 1; ; i++)
        {
            using var child = await ChildProcess.StartReadyAsync(new ChildStart(ChildStart.VoidMainProgram, "cancel-on"));
            var start = TimeProvider.System.GetTimestamp();
            child.Send(ShutdownSignals.Parse(name));
            if (i < Patience && await child.WaitForExitAsync() == ExitStatus.Of(0) && TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(100))
            {
                continue;
            }

            await child.AssertEndsAsync(ShutdownSignals.Parse(name), "a: Signal");
            return;
        }
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public async Task Synchronous_main_without_a_result_that_returns_after_the_token_ends_by_the_signal(string name)
    {
        using var child = await ChildProcess.StartReadyAsync(new ChildStart(ChildStart.VoidMainProgram, "stopping"));
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync("main returns", "handler a", "ProcessExit");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
        child.AssertNoError();
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("break")]
    public async Task Ctrl_C_ends_the_loop_of_a_shell_that_runs_the_program(string way)
    {
        var loop = new ChildStart("bash", "-c", $"while true; do \"$0\" {way}; echo again; done", ChildStart.VoidMainProgram);
        using var child = await ChildProcess.StartReadyAsync(loop);
        child.SendToGroup(SIGINT);
        await child.AssertEndsAsync(SIGINT, "a");
        Assert.DoesNotContain("again", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Process_1_of_a_pid_namespace_ends_with_128_and_the_number_of_the_signal(string name, int code)
    {
        using var child = await PidNamespace.StartReadyAsync(MainChild.Scenario);
        await child.DoAsync("handler a", "process-exit p");
        child.SendToInit(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(code, "a");
        Assert.Contains("ProcessExit p", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_1_that_a_handler_of_somebody_else_holds_up_ends_with_128_and_the_number_of_the_signal()
    {
        using var child = await PidNamespace.StartReadyAsync(MainChild.Scenario);
        await child.DoAsync("handler a", "process-exit-hangs p");
        child.SendToInit(SIGTERM);
        await child.AssertEndsAsync(143, "a");
    }

    [Fact]
    public async Task Third_signal_ends_process_1_with_128_and_the_number_of_the_signal()
    {
        using var child = await PidNamespace.StartReadyAsync(MainChild.Scenario);
        await child.DoAsync("handler-waits h");
        child.SendToInit(SIGTERM);
        await child.ExpectAsync("handler h");
        child.SendToInit(SIGINT);
        await child.DoAsync("attempts 2");
        child.SendToInit(SIGQUIT);
        await child.AssertEndsAsync(131, "h");
    }
}
