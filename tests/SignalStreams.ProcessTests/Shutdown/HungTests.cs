namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>Shutdowns in which something never returns.</summary>
public sealed class HungTests
{
    // The limits that this is held against are of a second at most, and what would hold the end without them lasts half a minute or for ever: what lies between is for a machine that is busy.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    [InlineData("SIGQUIT")]
    public async Task Main_and_pool_that_hang_cost_the_time_to_roll_back(string name)
    {
        using var child = await MainChild.StartAsync("rehearse", "configure rollback=0.5", "handler a b", "watch", "main hang", "block-pool");
        var start = TimeProvider.System.GetTimestamp();
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), "b", "a");
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(0.45), Soon);
        Assert.Contains($"stopping {name}", child.Output, StringComparison.Ordinal);
        Assert.Contains("main 'main function' was given up", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Main_that_never_looks_costs_nothing_where_nobody_asked_for_the_token()
    {
        using var child = await MainChild.StartAsync("configure rollback=60", "handler a", "main hang");
        var start = TimeProvider.System.GetTimestamp();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "a");
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Soon);
        child.AssertNoError();
    }

    [Theory]
    [InlineData("raise SIGTERM")]
    [InlineData("main exit 7")]
    [InlineData("throw")]
    public async Task Handler_that_hangs_costs_its_limit_and_the_others_run_and_it_is_named(string way)
    {
        using var child = await MainChild.StartAsync("rehearse", "configure handler=60", "handler a", "handler-hangs h 0.3", "handler b");
        var start = TimeProvider.System.GetTimestamp();
        child.Tell(way);
        await child.WaitForExitAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(0.27), Soon);
        Assert.Equal(["b", "h", "a"], MainChild.HandlersOf(child));
        Assert.Contains("The shutdown was held up: handler 'h' was given up after ", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raise SIGTERM")]
    [InlineData("environment-exit 3")]
    public async Task Handler_that_wants_a_lock_of_main_costs_its_limit(string way)
    {
        using var child = await MainChild.StartAsync("rehearse", "handler a", "handler-wants-lock h 0.3", "handler b");
        await child.DoAndExpectAsync("main hold-lock", "main ok");
        child.Tell(way);
        await child.WaitForExitAsync();
        Assert.Equal(["b", "h", "a"], MainChild.HandlersOf(child));
        Assert.Contains("handler 'h' was given up", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clean_up_that_passes_its_limit_skips_what_has_not_begun()
    {
        using var child = await MainChild.StartAsync("rehearse", "configure clean-up=3", "handler a", "handler-hangs h 60", "handler b");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "b", "h");
        Assert.Contains("was skipped", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_of_the_token_that_hangs_holds_nobody_up()
    {
        using var child = await MainChild.StartAsync("hang-token", "handler a", "main wait-stopping");
        child.Send(SIGTERM);
        await child.ExpectAsync("token hangs");
        child.Tell("main return");
        await child.AssertEndsAsync(SIGTERM, "a");
    }

    [Fact]
    public async Task BeforeTermination_that_hangs_costs_a_second()
    {
        using var child = await MainChild.StartAsync("configure before-termination=hangs", "handler a");
        var start = TimeProvider.System.GetTimestamp();
        child.Send(SIGTERM);
        await child.ExpectAsync("before termination");
        await child.AssertEndsAsync(SIGTERM, "a");
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(0.9), Soon);
    }

    [Fact]
    public async Task Standard_error_that_is_full_and_that_nobody_reads_does_not_keep_the_process()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-hangs h 0.3", "stuff-stderr");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "h", "a");
    }

    [Theory]
    [InlineData("SIGTERM", "SIGINT", "SIGQUIT")]
    [InlineData("SIGINT", "SIGQUIT", "SIGTERM")]
    public async Task Third_signal_ends_a_process_in_which_everything_hangs(string first, string second, string third)
    {
        using var child = await MainChild.StartAsync(
            "configure rollback=60 before-termination=hangs", "handler a", "process-exit-hangs p", "hang-token", "stuff-stderr", "main hold-lock", "main hang", "block-pool");
        child.Send(ShutdownSignals.Parse(first));
        await child.ExpectAsync("token hangs");
        child.Send(ShutdownSignals.Parse(second));
        await child.DoAsync("attempts 2");
        var start = TimeProvider.System.GetTimestamp();
        child.Send(ShutdownSignals.Parse(third));
        await child.AssertEndsAsync(ShutdownSignals.Parse(third), []);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Soon);
    }

    [Fact]
    public async Task Third_signal_ends_a_process_whose_handlers_hang()
    {
        using var child = await MainChild.StartAsync("block-pool", "handler a", "handler-wants-lock h 60");
        await child.DoAndExpectAsync("main hold-lock", "main ok");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler h");
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT, "h");
    }

    [Fact]
    public async Task One_Ctrl_C_ends_the_process_at_once_when_one_attempt_is_all()
    {
        using var child = await MainChild.StartAsync("configure max-attempts=1", "handler a", "main hang");
        child.Send(SIGINT);
        await child.AssertEndsAsync(SIGINT);
    }
}
