namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>The ways out of a process, and which of them run exit handlers.</summary>
public sealed class WayOutTests
{
    public static TheoryData<string> Terminating { get; } = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

    private static readonly string[] All = ["c", "b", "a"];

    [Theory]
    [MemberData(nameof(Terminating))]
    public async Task Signal_runs_each_handler_once_last_registered_first_and_ends_the_process_by_it(string name)
    {
        using var child = await MainChild.StartAsync("handler a b c");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), All);
        child.AssertNoError();
    }

    [Theory]
    [MemberData(nameof(Terminating))]
    public async Task Signal_ends_a_main_that_waits_for_the_token(string name)
    {
        using var child = await MainChild.StartAsync("handler a b c", "watch");
        child.Tell("main wait-stopping");
        child.Send(ShutdownSignals.Parse(name));

        // A source sets its wait handle before it runs its callbacks: a main that returns at once may end the process before them.
        await child.ExpectAsync($"stopping {name}");
        child.Tell("main return");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), All);
        child.AssertNoError();
    }

    [Theory]
    [InlineData("main exit 0", 0)]
    [InlineData("main exit 7", 7)]
    [InlineData("main environment-exit 3", 3)]
    [InlineData("environment-exit 3", 3)]
    [InlineData("thread environment-exit 3", 3)]
    [InlineData("request why 4", 4)]
    public async Task End_in_order_runs_each_handler_once_and_keeps_the_code(string way, int code)
    {
        using var child = await MainChild.StartAsync("handler a b c");
        child.Tell(way);
        await child.AssertEndsAsync(code, All);
        child.AssertNoError();
    }

    [Theory]
    [InlineData("main throw", "Nobody catches this.")]
    [InlineData("throw", "Nobody catches this.")]
    [InlineData("thread throw", "Nobody catches this.")]
    [InlineData("main exhaust-memory", "Out of memory")]
    [InlineData("exhaust-memory", "Out of memory")]
    public async Task Exception_that_nobody_catches_runs_each_handler_once_and_is_reported(string way, string message)
    {
        using var child = await MainChild.StartAsync("handler a b c");
        child.Tell(way);
        await child.AssertCrashesAsync(message, All);
    }

    [Theory]
    [InlineData("main fail-fast", "Nothing runs after this.")]
    [InlineData("fail-fast", "Nothing runs after this.")]
    [InlineData("main overflow-stack", "Stack overflow")]
    public async Task Failure_of_the_process_itself_runs_no_handler(string way, string message)
    {
        using var child = await MainChild.StartAsync("handler a b c");
        child.Tell(way);
        await child.AssertCrashesAsync(message);
    }

    [Fact]
    public async Task SIGKILL_runs_no_handler()
    {
        using var child = await MainChild.StartAsync("handler a b c");
        child.Send(SIGKILL);
        await child.AssertEndsAsync(SIGKILL, []);
    }

    [Theory]
    [InlineData("SIGHUP")]
    [InlineData("SIGQUIT")]
    public async Task Signal_that_was_not_chosen_ends_the_process_and_nothing_runs_or_is_printed(string name)
    {
        using var child = await MainChild.StartAsync("configure signals=SIGTERM before-termination=prints timeline=Always", "handler a", "watch");
        var before = child.Output;
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
        Assert.Equal(before, child.Output);
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public async Task SIGINT_and_SIGTERM_are_always_chosen(string name)
    {
        using var child = await MainChild.StartAsync("handler a", "configure signals=SIGHUP");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), "a");
    }

    [Theory]
    [InlineData("main exit 7", "Normal ")]
    [InlineData("environment-exit 7", "Normal ")]
    [InlineData("request why 7", "Requested ")]
    [InlineData("throw", "UnhandledException Nobody catches this.")]
    [InlineData("raise SIGHUP", "Signal SIGHUP")]
    public async Task Handler_is_told_why(string way, string why)
    {
        using var child = await MainChild.StartAsync("handler-context h");
        child.Tell(way);
        await child.ExpectAsync($"handler h: {why}");
        await child.WaitForExitAsync();
    }

    [Fact]
    public async Task Exception_during_the_clean_up_after_a_signal_is_not_lost()
    {
        using var child = await MainChild.StartAsync("announce-crash", "handler a", "handler-waits h");
        child.Send(SIGTERM);
        await child.ExpectAsync("handler h");
        await child.DoAndExpectAsync("thread throw", "crashing");
        child.Tell("release h");
        await child.AssertCrashesAsync("Nobody catches this.", "h", "a");
    }

    [Fact]
    public async Task Signal_during_the_clean_up_after_an_exception_changes_nothing()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-waits h");
        await child.DoAndExpectAsync("thread throw", "handler h");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 1");
        child.Tell("release h");
        await child.AssertCrashesAsync("Nobody catches this.", "h", "a");
    }

    [Theory]
    [InlineData("main exit 0")]
    [InlineData("thread environment-exit 3")]
    public async Task Exception_is_not_lost_to_an_end_in_order_during_its_clean_up(string way)
    {
        using var child = await MainChild.StartAsync("process-exit p", "handler a", "handler-waits h");
        await child.DoAndExpectAsync("thread throw", "handler h");
        await child.DoAndExpectAsync(way, "ProcessExit p");
        child.Tell("release h");
        await child.AssertCrashesAsync("Nobody catches this.", "h", "a");
    }

    [Fact]
    public async Task Exception_during_the_clean_up_of_an_end_in_order_makes_no_handler_run_twice()
    {
        using var child = await MainChild.StartAsync("handler a", "handler-waits h");
        child.Tell("main exit 7");
        await child.ExpectAsync("handler h");
        await child.DoAsync("thread throw");
        child.Tell("release h");
        await child.WaitForExitAsync();
        Assert.Equal(["h", "a"], MainChild.HandlersOf(child));
    }
}
