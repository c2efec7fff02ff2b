namespace SignalStreams.ProcessTests;

public sealed class UnreadTests
{
    [Theory]
    [InlineData("SIGHUP")]
    [InlineData("SIGINT")]
    [InlineData("SIGQUIT")]
    [InlineData("SIGTERM")]
    public async Task Unread_terminating_signal_ends_the_process_when_its_last_receiver_closes(string name)
    {
        using var child = await StartUnreadAsync("open", name);
        child.Tell("off a");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Fact]
    public async Task Unread_terminating_signal_is_dropped_on_demand()
    {
        using var child = await StartUnreadAsync("open-drop", "SIGTERM");
        await child.DoAsync("off a");
        await child.AssertLivesAsync();
    }

    [Theory]
    [InlineData("SIGUSR1")]
    [InlineData("SIGALRM")]
    [InlineData("SIGWINCH")]
    public async Task Other_unread_signal_is_dropped(string name)
    {
        using var child = await StartUnreadAsync("open", name);
        await child.DoAsync("off a");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Unread_signal_is_dropped_when_a_terminating_one_was_read()
    {
        using var child = await StartUnreadAsync("open", "SIGTERM", "SIGINT");
        await child.DoAsync("take a");
        child.Send(SIGINT);
        await child.DoAsync("received SIGINT 1", "off a");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Unread_signal_is_raised_again_when_only_a_harmless_one_was_read()
    {
        using var child = await StartUnreadAsync("open", "SIGUSR1", "SIGINT");
        child.Tell("take a");
        await child.ExpectAsync("a took SIGUSR1");
        child.Send(SIGINT);
        await child.DoAsync("received SIGINT 1");
        child.Tell("off a");
        await child.AssertEndsAsync(SIGINT);
    }

    [Fact]
    public async Task Unread_signal_is_not_raised_again_while_another_listens()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("read b SIGTERM", "open a SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAsync("b SIGTERM");
        await child.DoAsync("received SIGTERM 1", "off a");
        child.Send(SIGTERM);
        await child.ExpectAsync("b SIGTERM");
        await child.DoAsync("off b");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Unread_signal_of_two_receivers_is_raised_again_by_the_last()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("open a SIGTERM", "open b SIGTERM");
        child.Send(SIGTERM);
        await child.DoAsync("received SIGTERM 1", "off a", "attempts 0");
        child.Tell("off b");
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Unread_signal_reaches_another_owner_again()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("registration r SIGTERM cancel", "open a SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAsync("r SIGTERM");
        child.Tell("off a");
        await child.ExpectAllAsync("ok", "r SIGTERM");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Unread_signal_is_raised_again_once_and_only_the_first()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("registration t SIGTERM cancel", "registration i SIGINT cancel", "open a SIGTERM SIGINT");
        child.Send(SIGTERM);
        await child.ExpectAsync("t SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAsync("t SIGTERM");
        child.Send(SIGINT);
        await child.ExpectAsync("i SIGINT");
        child.Tell("off a");
        await child.ExpectAllAsync("ok", "t SIGTERM");

        // Behind it in the runtime's pipe, so that nothing else can still be on its way to the handlers.
        child.Send(SIGINT);
        await child.ExpectNextAsync("i SIGINT");
        child.Tell("metrics");
        await child.ExpectAsync("signalstreams.signals.redelivered SIGTERM = 1");
        await child.ExpectAsync("ok");
        await child.EndAsync();
    }

    [Fact]
    public async Task Cancelled_wait_loses_no_signal()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("open a SIGTERM");
        child.Tell("wait-cancelled a");
        await child.ExpectAllAsync("a wait cancelled", "ok");
        child.Send(SIGTERM);
        await child.DoAsync("received SIGTERM 1");
        child.Tell("take a");
        await child.ExpectAsync("a took SIGTERM");
        await child.ExpectAsync("ok");
        await child.DoAsync("off a");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Cancelled_wait_leaves_the_signal_to_be_raised_again()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("open a SIGTERM");
        child.Tell("wait-cancelled a");
        await child.ExpectAllAsync("a wait cancelled", "ok");
        child.Send(SIGTERM);
        await child.DoAsync("received SIGTERM 1");
        child.Tell("off a");
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Signal_that_cancelled_a_token_is_not_raised_again()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAsync("c cancelled SIGTERM");
        await child.DoAsync("off c");
        await child.AssertLivesAsync();
    }

    private static async Task<ChildProcess> StartUnreadAsync(string verb, params string[] names)
    {
        var child = await RemoteChild.StartAsync();
        return await child.AfterAsync(async _ =>
        {
            await child.DoAsync($"{verb} a {string.Join(' ', names)}");
            child.Send(ShutdownSignals.Parse(names[0]));
            await child.DoAsync($"received {names[0]} 1");
        });
    }
}
