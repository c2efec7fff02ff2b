namespace SignalStreams.ProcessTests;

public sealed class ShutdownTests
{
    [Theory]
    [InlineData("wait", "SIGTERM")]
    [InlineData("wait", "SIGINT")]
    [InlineData("wait-async", "SIGTERM")]
    [InlineData("wait-async", "SIGINT")]
    public async Task Wait_ends_with_the_signal(string wait, string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.StartWaitAsync(wait, "SIGINT SIGTERM");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"w waited {name}");
        await child.EndAsync();
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("wait-async")]
    public async Task Second_signal_does_not_end_the_clean_up_after_a_wait_and_the_third_does(string wait)
    {
        using var child = await RemoteChild.StartAsync();
        await child.StartWaitAsync(wait, "SIGINT SIGTERM SIGQUIT");
        child.Send(SIGINT);
        await child.ExpectAsync("w waited SIGINT");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("wait-async")]
    public async Task Cancelled_wait_gives_the_default_back(string wait)
    {
        using var child = await RemoteChild.StartAsync();
        await child.StartWaitAsync(wait, "SIGINT SIGTERM");
        child.Tell("off w");
        await child.ExpectAllAsync("ok", "w wait cancelled");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Several_waits_all_end()
    {
        using var child = await RemoteChild.StartAsync();
        await child.StartWaitAsync("wait", "SIGTERM");
        await child.DoAsync("wait-async x SIGTERM", "call y SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAllAsync("w waited SIGTERM", "x waited SIGTERM", "y called SIGTERM");
        await child.EndAsync();
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    public async Task Every_callback_runs_once_whatever_the_others_do(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("events", "call a SIGTERM SIGINT", "call-throwing b SIGTERM SIGINT", "call-async c SIGTERM SIGINT", "call d SIGTERM SIGINT");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync($"a called {name}", "event ConsumerFailed OnShutdown", $"c called {name}", "c returned", $"d called {name}");
        await AttemptGap.PassAsync();
        child.Send(ShutdownSignals.Parse(name));
        await child.DoAsync("attempts 2");
        await child.EndAsync();
        Assert.Equal(3, child.Output.Split('\n').Count(line => line.Contains(" called ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Second_signal_does_not_end_the_clean_up_of_a_callback_and_the_third_does()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("call a SIGINT SIGTERM SIGQUIT");
        child.Send(SIGTERM);
        await child.ExpectAsync("a called SIGTERM");
        child.Send(SIGINT);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
    }

    [Fact]
    public async Task Disposed_registration_gives_the_default_back_when_it_was_the_last()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("call a SIGTERM", "call b SIGTERM", "off a");
        child.Send(SIGTERM);
        await child.ExpectAsync("b called SIGTERM");
        await child.DoAsync("off b");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
        Assert.DoesNotContain("a called", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Normal_end_calls_nobody()
    {
        using var child = await StartAllAsync();
        await child.EndAsync();
        AssertNobodyWasCalled(child);
    }

    [Fact]
    public async Task Environment_Exit_calls_nobody()
    {
        using var child = await StartAllAsync();
        child.Tell("environment-exit 42");
        await child.AssertEndsAsync(42);
        AssertNobodyWasCalled(child);
    }

    [Fact]
    public async Task Unhandled_exception_calls_nobody()
    {
        using var child = await StartAllAsync();
        child.Tell("throw");
        await child.AssertEndsAsync(ShutdownSignals.Parse("SIGABRT"));
        Assert.Contains("Nobody catches this.", child.Output, StringComparison.Ordinal);
        AssertNobodyWasCalled(child);
    }

    private static async Task<ChildProcess> StartAllAsync()
    {
        var child = await RemoteChild.StartAsync();
        return await child.AfterAsync(_ => child.DoAsync("call a SIGTERM SIGINT", "wait-async w SIGTERM SIGINT", "cancel c SIGTERM SIGINT"));
    }

    private static void AssertNobodyWasCalled(ChildProcess child)
    {
        Assert.DoesNotContain("a called", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("w waited", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("w wait cancelled", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c cancelled", child.Output, StringComparison.Ordinal);
    }
}
