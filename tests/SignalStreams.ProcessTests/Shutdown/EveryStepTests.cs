namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>A second and a third signal at every step of the shutdown that the first has begun.</summary>
public sealed class EveryStepTests
{
    /// <summary>What the child does before the first signal, what it prints when it has come to the step, what lets it go on, and which handlers have run by the end.</summary>
    public static TheoryData<string[], string, string, string[]> Steps { get; } = new()
    {
        { ["thread protected-rolls-back s 0.1", "configure rollback=60"], "s rolls back", "main return", ["b", "a"] },
        { ["configure rollback=60", "watch"], "stopping SIGTERM", "main return", ["b", "a"] },
        { ["handler-waits s"], "handler s", "release s", ["s", "b", "a"] },
        { ["configure before-termination=waits"], "before termination", "release before-termination", ["b", "a"] },
        { ["process-exit-waits s"], "ProcessExit s waits", "release s", ["b", "a"] },
    };

    /// <summary>The same steps, and which handlers have begun when the child has come to each.</summary>
    public static TheoryData<string[], string, string[]> StepsAndHandlersBegun { get; } = new()
    {
        { ["thread protected-rolls-back s 0.1", "configure rollback=60"], "s rolls back", [] },
        { ["configure rollback=60", "watch"], "stopping SIGTERM", [] },
        { ["handler-waits s"], "handler s", ["s"] },
        { ["configure before-termination=waits"], "before termination", ["b", "a"] },
        { ["process-exit-waits s"], "ProcessExit s waits", ["b", "a"] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Second_signal_ends_nothing_and_no_handler_runs_twice(string[] setup, string step, string release, string[] handlers)
    {
        using var child = await StartAsync(setup);
        child.Send(SIGTERM);
        await child.ExpectAsync(step);
        child.Send(SIGINT);
        if (step != "before termination")
        {
            // BeforeTermination has no more than a second, in which to wait for the count is a risk.
            await child.DoAsync("attempts 2");
        }

        if (step == "s rolls back")
        {
            await child.DoAndExpectAsync("release s", "s rolled back");
        }

        child.Tell(release);
        await child.AssertEndsAsync(SIGTERM, handlers);
    }

    [Theory]
    [MemberData(nameof(StepsAndHandlersBegun))]
    public async Task Third_signal_ends_the_process_and_no_handler_runs_that_has_not_begun(string[] setup, string step, string[] begun)
    {
        using var child = await StartAsync(setup);
        child.Send(SIGTERM);
        await child.ExpectAsync(step);
        child.Send(SIGINT);
        if (step != "before termination")
        {
            await child.DoAsync("attempts 2");
        }

        // BeforeTermination has no more than a second, in which to wait for the count is a risk: the last two may change places.
        child.Send(SIGQUIT);
        var status = await child.WaitForExitAsync();
        Assert.True(status == ExitStatus.Of(SIGQUIT) || (status == ExitStatus.Of(SIGINT) && step == "before termination"), $"It {status}.");
        Assert.Equal(begun, MainChild.HandlersOf(child));
    }

    [Fact]
    public async Task Same_signal_three_times_ends_the_process()
    {
        using var child = await StartAsync(["handler-waits s"]);
        child.Send(SIGINT);
        await child.ExpectAsync("handler s");
        await AttemptGap.PassAsync();
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        await AttemptGap.PassAsync();
        child.Send(SIGINT);
        await child.AssertEndsAsync(SIGINT, "s");
    }

    [Fact]
    public async Task Hang_ups_are_no_attempts()
    {
        using var child = await StartAsync(["handler-waits s"]);
        child.Send(SIGHUP);
        await child.ExpectAsync("handler s");
        for (var i = 0; i < 5; i++)
        {
            child.Send(SIGHUP);
        }

        await child.DoAsync("received SIGHUP 2", "attempts 0");
        child.Tell("release s");
        await child.AssertEndsAsync(SIGHUP, "s", "b", "a");
    }

    [Theory]
    [InlineData("main exit 0", 0)]
    [InlineData("main exit 7", 7)]
    [InlineData("thread environment-exit 3", 3)]
    public async Task Signals_during_the_clean_up_of_an_end_in_order_change_neither_its_code_nor_what_runs(string way, int code)
    {
        using var child = await StartAsync(["handler-waits s"]);
        await child.DoAndExpectAsync(way, "handler s");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 1");
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        child.Tell("release s");
        await child.AssertEndsAsync(code, "s", "b", "a");
        child.AssertNoError();
    }

    [Fact]
    public async Task Third_signal_ends_the_clean_up_of_an_end_in_order()
    {
        using var child = await StartAsync(["handler-waits s"]);
        await child.DoAndExpectAsync("main exit 0", "handler s");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 1");
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT, "s");
    }

    private static async Task<ChildProcess> StartAsync(string[] setup) => await (await MainChild.StartAsync("handler a b")).AfterAsync(async child =>
    {
        foreach (var command in setup)
        {
            // A block that has not begun when the signal comes is refused.
            await child.DoAndExpectAsync(command, command.StartsWith("thread protected", StringComparison.Ordinal) ? ["s begun"] : []);
        }
    });
}
