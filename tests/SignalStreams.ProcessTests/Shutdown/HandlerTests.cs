namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>Exit handlers that do more than they should.</summary>
public sealed class HandlerTests
{
    /// <summary>Ways out, and the exit code of each; 143 stands for the end by SIGTERM.</summary>
    public static TheoryData<string, int> Ways { get; } = new() { { "raise SIGTERM", SigTerm }, { "main exit 7", 7 }, { "environment-exit 7", 7 } };

    private const int SigTerm = 143;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handler_that_throws_is_reported_and_the_others_run(string way, int code)
    {
        using var child = await MainChild.StartAsync("events", "handler a", "handler-throws t", "handler b");
        child.Tell(way);
        await child.ExpectAsync("event ConsumerFailed ExitHandlers");
        await AssertEndsAsync(child, code, "b", "t", "a");
        child.AssertNoError();
    }

    [Theory]
    [InlineData("handler-exits h 9 0.5", "raise SIGTERM", SigTerm)]
    [InlineData("handler-exits-async h 9 0.5", "raise SIGTERM", SigTerm)]
    [InlineData("handler-exits h 9 0.5", "main exit 7", 7)]
    [InlineData("handler-exits-async h 9 0.5", "main exit 7", 7)]
    [InlineData("handler-exits h 9 0.5", "main exit 0", 0)]
    [InlineData("handler-exits h 9 0.5", "thread environment-exit 7", 7)]
    public async Task Handler_that_calls_exit_restarts_nothing_and_the_rest_runs_and_the_code_stays(string handler, string way, int code)
    {
        using var child = await MainChild.StartAsync("configure handler=60", "handler a b", handler, "handler c");
        var start = TimeProvider.System.GetTimestamp();
        child.Tell(way);
        await AssertEndsAsync(child, code, "c", "h", "b", "a");

        // The runtime raises ProcessExit only once, and on a thread of its own: the handler is known by its limit alone.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Handlers_that_all_call_exit_each_run_once()
    {
        using var child = await MainChild.StartAsync("handler-exits x 9 0.5", "handler-exits-async y 8 0.5", "handler-exits z 6 0.5");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "z", "y", "x");
    }

    [Theory]
    [InlineData("handler-exits h 9 0.5")]
    [InlineData("handler-exits-async h 9 0.5")]
    public async Task Exception_is_not_lost_to_a_handler_that_calls_exit(string handler)
    {
        using var child = await MainChild.StartAsync("handler a", handler, "handler b");
        child.Tell("thread throw");
        await child.AssertCrashesAsync("Nobody catches this.", "b", "h", "a");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handler_that_is_registered_during_the_clean_up_runs_too(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a", "handler-registers r s", "handler b");
        child.Tell(way);
        await AssertEndsAsync(child, code, "b", "r", "s", "a");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handler_that_unregisters_itself_and_others_skips_none_of_the_rest(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a b c", "handler-unregisters u b", "handler d");
        child.Tell(way);
        await AssertEndsAsync(child, code, "d", "u", "c", "a");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handler_can_start_a_process_and_wait_for_it(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a", "handler-starts s echo started", "handler b");
        child.Tell(way);
        await child.ExpectAllAsync("started", "echo exited 0");
        await AssertEndsAsync(child, code, "b", "s", "a");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Asynchronous_handler_is_waited_for_before_the_next_one_runs(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a", "handler-delays d");
        child.Tell(way);
        await AssertEndsAsync(child, code, "d", "a");
        Assert.Contains("d done\nhandler a\n", child.Output.Replace("ok\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Asynchronous_handler_needs_no_thread_of_the_pool(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a", "handler-yields y", "block-pool");
        child.Tell(way);
        await child.ExpectAllAsync("handler y", "y done");
        await AssertEndsAsync(child, code, "y", "a");
        child.AssertNoError();
    }

    [Fact]
    public async Task Handler_that_is_registered_while_a_block_at_exit_holds_the_end_runs_too()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-enters e", "handler b");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler a");

        // The last handler has ended or is about to; the clean-up is not over before the block is.
        await child.DoAsync("state CleaningUp", "handler late");
        child.Tell("off e-block");
        await child.AssertEndsAsync(SIGTERM, "b", "e", "a", "late");
    }

    private static Task AssertEndsAsync(ChildProcess child, int code, params string[] handlers) =>
        code == SigTerm ? child.AssertEndsAsync(SIGTERM, handlers) : child.AssertEndsAsync(code, handlers);
}
