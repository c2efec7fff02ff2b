namespace SignalStreams.ProcessTests;

/// <summary>The program as process 1 of a pid namespace, as in a container.</summary>
public sealed class PidNamespaceTests
{
    [Fact]
    public async Task Signal_arrives()
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("AwaitForeach", "SIGHUP", "SIGTERM"));
        child.SendToInit(SIGHUP);
        await child.ExpectNextAsync("SIGHUP");
        child.SendToInit(SIGTERM);
        await child.ExpectNextAsync("SIGTERM");
        await child.AssertEndsAsync(0);
    }

    [Theory]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGINT", 130)]
    public async Task Run_ends_with_the_exit_code_that_stands_for_the_signal(string name, int code)
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("RunMain", "throws-cancellation"));
        child.SendToInit(ShutdownSignals.Parse(name));
        await child.ExpectNextAsync("finally");
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(code);
    }

    [Fact]
    public async Task ExitBySignal_ends_with_the_exit_code_that_stands_for_the_signal()
    {
        using var child = await PidNamespace.StartAsync(ChildStart.Scenario("ExitBySignal", "SIGTERM", "main"));
        await child.ExpectAsync("ProcessExit");
        await child.AssertEndsAsync(143);
    }

    [Theory]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGINT", 130)]
    public async Task Unread_signal_ends_it_with_the_exit_code_that_stands_for_the_signal(string name, int code)
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("Remote") with { Input = ChildInput.Pipe });
        await child.DoAsync($"open a {name}");
        child.SendToInit(ShutdownSignals.Parse(name));
        await child.DoAsync($"received {name} 1");
        child.Tell("off a");
        await AssertEndsByAsync(child, ShutdownSignals.Parse(name), code);
    }

    [Fact]
    public async Task Third_signal_ends_it_with_the_exit_code_that_stands_for_the_signal()
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("Hung", "blocked"));
        child.SendToInit(SIGTERM);
        await child.ExpectAllAsync("token hangs", "callback hangs", "loop hangs", "attempts 1");
        child.SendToInit(SIGINT);
        await child.ExpectAsync("attempts 2");
        child.SendToInit(SIGQUIT);
        await child.AssertEndsAsync(131);
    }

    // Where the runtime's handler is on the signal, the runtime tries first, and the kernel does not always drop what it sends.
    private static async Task AssertEndsByAsync(ChildProcess child, ShutdownSignal signal, int code)
    {
        var status = await child.WaitForExitAsync();
        Assert.True(status == ExitStatus.Of(code) || status == ExitStatus.Of(signal), $"It {status}.");
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    public async Task Unread_signal_is_left_to_another_owner_who_takes_it(string name)
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("Remote") with { Input = ChildInput.Pipe });
        await child.DoAsync($"registration o {name} cancel");
        await child.DoAsync($"open a {name}");
        child.SendToInit(ShutdownSignals.Parse(name));
        child.Tell($"received {name} 1");
        await child.ExpectAllAsync("ok", $"o {name}");
        child.Tell("off a");

        // Raised again, and taken again.
        await child.ExpectAllAsync("ok", $"o {name}");
        await child.DoAsync("call b SIGHUP");
        child.Tell("exit 7");
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGINT", 130)]
    public async Task Unread_signal_ends_it_though_another_owner_looks_on(string name, int code)
    {
        using var child = await PidNamespace.StartReadyAsync(ChildStart.Scenario("Remote") with { Input = ChildInput.Pipe });
        await child.DoAsync($"registration o {name} pass");
        await child.DoAsync($"open a {name}");
        child.SendToInit(ShutdownSignals.Parse(name));
        await child.DoAsync($"received {name} 1");
        child.Tell("off a");
        await AssertEndsByAsync(child, ShutdownSignals.Parse(name), code);
    }
}
