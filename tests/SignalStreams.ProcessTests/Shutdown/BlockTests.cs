namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>Protected blocks that a signal arrives in.</summary>
public sealed class BlockTests
{
    [Theory]
    [InlineData("main protected w", "SIGINT")]
    [InlineData("main protected w", "SIGTERM")]
    [InlineData("thread protected w", "SIGTERM")]
    [InlineData("foreground protected w", "SIGQUIT")]
    [InlineData("thread protected w", "SIGHUP")]
    public async Task Work_is_done_then_the_exception_that_nobody_catches_ends_the_process_by_the_signal(string work, string name)
    {
        using var child = await MainChild.StartAsync("handler a b", "configure rollback=0.2");
        await child.DoAndExpectAsync(work, "w begun");
        child.Send(ShutdownSignals.Parse(name));
        await child.DoAsync("state Requested");
        Assert.Empty(MainChild.HandlersOf(child));
        child.Tell("release w");
        await child.ExpectAsync("w worked");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), "b", "a");
        child.AssertNoUnhandledException();
    }

    [Fact]
    public async Task Exception_that_nobody_catches_on_a_synchronous_main_ends_the_process_by_the_signal()
    {
        using var child = await ChildProcess.StartReadyAsync(new ChildStart(ChildStart.VoidMainProgram, "break"));
        child.Send(SIGTERM);
        await child.ExpectNextAsync("work is done");
        await child.ExpectNextAsync("handler a");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(SIGTERM, "a");
        child.AssertNoError();
    }

    [Theory]
    [InlineData("main break-uncaught b")]
    [InlineData("thread break-uncaught b")]
    public async Task AllowBreak_ends_the_process(string work)
    {
        using var child = await MainChild.StartAsync("handler a", "configure rollback=0.2", "block b", "break b");
        child.Send(SIGINT);
        await child.DoAsync("state Requested");
        child.Tell(work);
        await child.AssertEndsAsync(SIGINT, "a");
        Assert.Contains("b goes on", child.Output, StringComparison.Ordinal);
        child.AssertNoUnhandledException();
    }

    [Fact]
    public async Task First_SIGINT_is_an_interrupt()
    {
        using var child = await MainChild.StartAsync("configure rollback=2", "block b");
        child.Send(SIGINT);
        await child.DoAsync("state Requested");
        child.Tell("break b");
        await child.ExpectAsync("b broken: Interrupt SIGINT");
        await child.AssertEndsAsync(SIGINT);
    }

    [Fact]
    public async Task Second_signal_makes_it_a_termination_and_ends_nothing()
    {
        using var child = await MainChild.StartAsync("configure rollback=2", "handler a", "watch", "block b");
        child.Send(SIGINT);
        await child.DoAsync("state Requested");
        child.Send(SIGTERM);
        await child.ExpectAsync("terminating");
        child.Tell("break b");
        await child.ExpectAsync("b broken: Terminate SIGINT");
        await child.AssertEndsAsync(SIGINT, "a");
    }

    [Fact]
    public async Task Third_signal_ends_the_process_inside_the_block()
    {
        using var child = await MainChild.StartAsync("handler a", "process-exit p");
        await child.DoAndExpectAsync("main protected w", "w begun");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT, []);
        Assert.DoesNotContain("ProcessExit p", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("w worked", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thread protected w", "main return", 0)]
    [InlineData("thread protected w", "main exit 7", 7)]
    [InlineData("main protected-async w", "main exit 7", 7)]
    [InlineData("thread protected w", "thread environment-exit 3", 3)]
    [InlineData("main protected-async w", "main environment-exit 3", 3)]
    public async Task Block_of_somebody_else_holds_the_end_though_main_returns_or_exits_after_the_signal(string work, string end, int code)
    {
        using var child = await MainChild.StartAsync("process-exit p", "handler a");
        await child.DoAndExpectAsync(work, "w begun");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        await child.DoAndExpectAsync(end, "ProcessExit p");
        await child.DoAsync("state Requested");
        Assert.Empty(MainChild.HandlersOf(child));
        child.Tell("release w");
        await child.ExpectAsync("w worked");
        await child.AssertEndsAsync(code, "a");
    }

    [Fact]
    public async Task Block_of_a_worker_that_main_has_returned_before_holds_the_end()
    {
        // A thread in the foreground keeps the process alive though its main function has returned.
        using var child = await MainChild.StartAsync("configure rollback=0.2", "handler a");
        await child.DoAndExpectAsync("foreground protected w", "w begun");
        await child.DoAsync("main return");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        child.Tell("release w");
        await child.ExpectAsync("w worked");
        await child.AssertEndsAsync(SIGTERM, "a");
    }

    [Fact]
    public async Task AllowBreak_in_one_of_nested_blocks_leaves_that_and_the_last_one_out_stops_the_process()
    {
        using var child = await MainChild.StartAsync("configure rollback=0.2", "handler x", "block a", "block b");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        await child.DoAndExpectAsync("break b", "b broken: Terminate SIGTERM");
        await child.DoAsync("state Requested");
        Assert.Empty(MainChild.HandlersOf(child));
        child.Tell("off a");
        await child.AssertEndsAsync(SIGTERM, "x");
    }

    [Fact]
    public async Task Last_of_parallel_blocks_stops_the_process_and_the_others_return()
    {
        using var child = await MainChild.StartAsync("configure rollback=2", "handler x", "thread protected-caught v", "thread protected-caught w");
        await child.DoAsync("thread protected-caught u");
        await child.UntilAsync(() => child.Output.Split(" begun").Length == 4, "enter three blocks");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        await child.DoAndExpectAsync("release v", "v returned");
        await child.DoAndExpectAsync("release w", "w returned");
        await child.DoAsync("state Requested");
        child.Tell("release u");
        await child.ExpectAsync("u ended: Terminate SIGTERM");
        await child.AssertEndsAsync(SIGTERM, "x");
    }

    [Theory]
    [InlineData("main protected-fails w")]
    [InlineData("thread protected-fails w")]
    public async Task Error_of_the_body_is_not_lost_to_the_shutdown(string work)
    {
        using var child = await MainChild.StartAsync("handler a b");
        await child.DoAndExpectAsync(work, "w begun");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        child.Tell("release w");
        await child.AssertCrashesAsync("w failed", "b", "a");
    }

    [Fact]
    public async Task Block_cannot_be_entered_once_the_process_was_asked_to_end_unless_it_runs_at_exit()
    {
        using var child = await MainChild.StartAsync("configure rollback=0.2", "handler a", "block b");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");
        await child.DoAndExpectAsync("enter c", "c refused: Requested");
        await child.DoAsync("block-at-exit d", "off b", "state Requested");
        child.Tell("off d");
        await child.AssertEndsAsync(SIGTERM, "a");
    }

    [Theory]
    [InlineData("main block b 3", "main environment-exit 3", 3)]
    [InlineData("block b 3", "environment-exit 3", 3)]
    [InlineData("main block b 3", "main exit 7", 7)]
    public async Task Environment_Exit_or_return_of_main_inside_its_own_block_after_the_signal_waits_for_the_deadline_and_keeps_the_code(string enter, string end, int code)
    {
        using var child = await MainChild.StartAsync("handler a", "configure rollback=0.2");
        await (enter.StartsWith("main", StringComparison.Ordinal) ? child.DoAndExpectAsync(enter, "main ok") : child.DoAsync(enter));
        child.Send(SIGTERM);
        child.Tell(end);
        await child.AssertEndsAsync(code, "a");
    }

    [Fact]
    public async Task Environment_Exit_without_a_signal_waits_for_no_block()
    {
        using var child = await MainChild.StartAsync("handler a", "block b");
        child.Tell("thread environment-exit 3");
        await child.AssertEndsAsync(3, "a");
    }
}
