namespace SignalStreams.ProcessTests;

public sealed class IgnoredTests
{
    [Fact]
    public async Task Hangup_stays_ignored_under_nohup_and_is_named()
    {
        using var child = await RemoteChild.StartAsync("nohup");
        child.Tell("read r SIGHUP SIGTERM");
        await child.ExpectNextAsync("r ignored SIGHUP");
        await child.ExpectAsync("ok");
        await child.AssertIgnoresAsync(SIGHUP);
        child.Send(SIGHUP);

        // Behind the other: what the process ignores leaves no trace of itself.
        child.Send(SIGTERM);
        await child.ExpectNextAsync("r SIGTERM");
        await child.EndAsync();
        Assert.DoesNotContain("r SIGHUP", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_and_quit_stay_ignored_in_the_background_of_a_shell_and_are_named()
    {
        using var child = await RemoteChild.StartAsync([.. ChildStart.Ignoring("INT", "QUIT")]);
        child.Tell("read r SIGINT SIGQUIT SIGTERM");
        await child.ExpectNextAsync("r ignored SIGINT SIGQUIT");
        await child.ExpectAsync("ok");
        await child.AssertIgnoresAsync(SIGINT, SIGQUIT);
        child.Send(SIGINT);
        child.Send(SIGQUIT);
        child.Send(SIGTERM);
        await child.ExpectNextAsync("r SIGTERM");
        await child.EndAsync();
        Assert.DoesNotContain("r SIGINT", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("r SIGQUIT", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    public async Task Overridden_ignore_lets_the_signal_arrive_until_the_receiver_closes(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await RemoteChild.StartAsync([.. ChildStart.Ignoring(name)]);
        await child.AssertIgnoresAsync(signal);
        for (var i = 0; i < 2; i++)
        {
            await child.DoAsync($"read-override r {name}");
            child.Send(signal);
            await child.ExpectAsync($"r SIG{name}");
            child.Tell("off r");
            await child.ExpectAllAsync("ok", "r ended");
            await child.AssertIgnoresAsync(signal);
            child.Send(signal);
        }

        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Overridden_ignore_is_back_after_the_token_was_disposed()
    {
        using var child = await RemoteChild.StartAsync([.. ChildStart.Ignoring("INT")]);
        await child.DoAsync("cancel-override c SIGINT");
        child.Send(SIGINT);
        await child.ExpectAsync("c cancelled SIGINT");
        await child.DoAsync("off c");
        await child.AssertIgnoresAsync(SIGINT);
        child.Send(SIGINT);
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Children_are_born_with_the_inherited_ignore_while_we_listen()
    {
        using var child = await RemoteChild.StartAsync("nohup");
        child.Tell("child-masks before");
        var before = await child.ExpectRestAsync("before ");
        await child.ExpectAsync("ok");
        await child.DoAsync("read r SIGHUP SIGTERM");
        child.Tell("child-masks during");
        Assert.Equal(before, await child.ExpectRestAsync("during "));
        Assert.Equal(1UL, SignalMask.Parse(before, "SigIgn") & 1);
        await child.ExpectAsync("ok");
        await child.EndAsync();
    }

    [Fact]
    public async Task Ignored_SIGTERM_arrives_since_the_runtime_has_ended_its_ignore()
    {
        using var child = await RemoteChild.StartAsync([.. ChildStart.Ignoring("TERM")]);
        child.Tell("read r SIGTERM");
        await child.ExpectNextAsync("ok");
        child.Send(SIGTERM);
        await child.ExpectNextAsync("r SIGTERM");
        await child.EndAsync();
    }

    [Fact]
    public async Task Token_that_respects_the_ignore_is_not_cancelled_though_a_receiver_overrides_it()
    {
        using var child = await RemoteChild.StartAsync("nohup");
        await child.DoAsync("cancel c SIGHUP");
        await child.DoAsync("read-override r SIGHUP");
        child.Send(SIGHUP);
        await child.ExpectNextAsync("r SIGHUP");
        await child.DoAsync("off r");
        await child.AssertIgnoresAsync(SIGHUP);
        child.Send(SIGHUP);
        await child.AssertLivesAsync();
        Assert.DoesNotContain("c cancelled", child.Output, StringComparison.Ordinal);
    }
}
