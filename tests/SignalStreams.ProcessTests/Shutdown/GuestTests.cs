namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>Others in the process who hear the signal too, and do as they like.</summary>
public sealed class GuestTests
{
    [Theory]
    [InlineData("registration-exits o SIGTERM 0", "handler a b")]
    [InlineData("handler a b", "registration-exits o SIGTERM 0")]
    public async Task Registration_that_calls_exit_makes_no_handler_run_twice_or_not_at_all(params string[] order)
    {
        using var child = await MainChild.StartAsync(order);
        child.Send(SIGTERM);
        var status = await child.WaitForExitAsync();
        Assert.Equal(["b", "a"], MainChild.HandlersOf(child));

        // Both are asked for, at the same time.
        Assert.True(status == ExitStatus.Of(0) || status == ExitStatus.Of(SIGTERM), $"It {status}.");
    }

    [Theory]
    [InlineData("SIGTERM", "registration o SIGTERM pass", "handler a b")]
    [InlineData("SIGTERM", "handler a b", "registration o SIGTERM pass")]
    [InlineData("SIGTERM", "registration o SIGTERM cancel", "handler a b")]
    [InlineData("SIGTERM", "handler a b", "registration o SIGTERM cancel")]
    [InlineData("SIGHUP", "handler a b", "registration o SIGHUP pass")]
    [InlineData("SIGQUIT", "registration o SIGQUIT pass", "handler a b")]
    [InlineData("SIGINT", "keys o cancel", "handler a b")]
    [InlineData("SIGINT", "handler a b", "keys o cancel")]
    [InlineData("SIGINT", "keys o pass", "handler a b")]
    [InlineData("SIGINT", "handler a b", "keys o pass")]
    public async Task Owner_of_the_signal_hears_it_and_takes_nothing_from_the_shutdown(string name, params string[] order)
    {
        using var child = await MainChild.StartAsync([.. order, "handler-waits h"]);
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync("handler h", name == "SIGINT" ? "o ControlC" : $"o {name}");
        child.Tell("release h");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name), "h", "b", "a");
        child.AssertNoError();
    }

    [Theory]
    [InlineData("SIGTERM", "with-token")]
    [InlineData("SIGINT", "with-token")]
    [InlineData("SIGTERM", "alone")]
    [InlineData("SIGINT", "alone")]
    public async Task Generic_Host_keeps_no_handler_from_running_and_makes_none_run_twice(string name, string way)
    {
        using var child = await MainChild.StartAsync("handler a b");
        await child.DoAndExpectAsync($"main run-host h {way}", "h started");
        await child.DoAsync("main return");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync("h stopped");
        var status = await child.WaitForExitAsync();
        Assert.Equal(["b", "a"], MainChild.HandlersOf(child));
        child.AssertNoError();

        // The host hears the signal by itself. If main has returned before the manager heard it, that was an end in order.
        Assert.True(status == ExitStatus.Of(0) || status == ExitStatus.Of(ShutdownSignals.Parse(name)), $"It {status}.");
    }

    [Fact]
    public async Task Hang_ups_that_do_not_end_it_are_told_each_and_count_as_no_attempt()
    {
        using var child = await MainChild.StartAsync("configure hangup-ends=false before-hangup=prints", "handler a");
        for (var i = 0; i < 5; i++)
        {
            child.Send(SIGHUP);
            await child.ExpectAsync("before hang-up");
        }

        await child.DoAsync("attempts 0", "state Running");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "a");
        Assert.Equal(6, child.Output.Split("before hang-up").Length);
    }

    [Fact]
    public async Task Hang_up_that_ends_it_is_told_before()
    {
        using var child = await MainChild.StartAsync("configure before-hangup=prints", "handler a");
        child.Send(SIGHUP);
        await child.ExpectNextAsync("before hang-up");
        await child.AssertEndsAsync(SIGHUP, "a");
    }

    [Fact]
    public async Task Hang_up_that_nohup_ignores_stays_ignored()
    {
        using var child = await ChildProcess.StartReadyAsync(MainChild.Scenario with { Prefix = ["nohup"] });
        await child.DoAsync("configure before-hangup=prints", "handler a", "watch");
        child.Send(SIGHUP);
        await child.DoAsync("state Running");
        child.Send(SIGTERM);
        await child.ExpectAsync("stopping SIGTERM");
        child.Tell("main return");
        await child.AssertEndsAsync(SIGTERM, "a");
        Assert.DoesNotContain("before hang-up", child.Output, StringComparison.Ordinal);
    }
}
