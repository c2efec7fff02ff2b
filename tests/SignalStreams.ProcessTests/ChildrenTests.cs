using System.Globalization;

namespace SignalStreams.ProcessTests;

/// <summary>Processes that the program starts while it listens.</summary>
public sealed class ChildrenTests
{
    private const string Everything = "read r SIGHUP SIGINT SIGQUIT SIGTERM SIGCHLD SIGCONT SIGTSTP SIGWINCH SIGUSR1 SIGUSR2 SIGALRM SIGRTMIN+3";

    [Fact]
    public async Task Child_ignores_and_blocks_what_it_would_without_us()
    {
        using var child = await RemoteChild.StartAsync();
        child.Tell("child-masks before");
        var before = await child.ExpectRestAsync("before ");
        await child.ExpectAsync("ok");
        await child.DoAsync(Everything);
        child.Tell("child-masks during");
        Assert.Equal(before, await child.ExpectRestAsync("during "));
        Assert.Equal(0UL, SignalMask.Parse(before, "SigBlk"));
        await child.ExpectAsync("ok");
        await child.DoAsync("off r");
        child.Tell("child-masks after");
        Assert.Equal(before, await child.ExpectRestAsync("after "));
        await child.ExpectAsync("ok");
        await child.EndAsync();
    }

    [Fact]
    public async Task Child_dies_by_a_signal_and_its_end_is_seen_while_we_listen_to_SIGCHLD()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync(Everything);
        child.Tell("sleep s");
        var id = int.Parse(await child.ExpectRestAsync("s started "), CultureInfo.InvariantCulture);
        await child.ExpectAsync("ok");
        child.SendTo(id, SIGTERM);
        await child.ExpectAllAsync("r SIGCHLD", "s exited 143");
        await child.EndAsync();
    }

    [Fact]
    public async Task End_of_a_child_from_before_is_seen_after_we_have_listened_to_SIGCHLD()
    {
        using var child = await RemoteChild.StartAsync();
        child.Tell("sleep s");
        var id = int.Parse(await child.ExpectRestAsync("s started "), CultureInfo.InvariantCulture);
        await child.ExpectAsync("ok");
        await child.DoAsync("read r SIGCHLD", "off r");
        child.SendTo(id, SIGINT);
        await child.ExpectAsync("s exited 130");
        await child.EndAsync();
    }

    [Fact]
    public async Task Children_are_waited_for_one_after_the_other_while_we_open_and_close_SIGCHLD()
    {
        using var child = await RemoteChild.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await child.DoAsync("read r SIGCHLD");
            child.Tell("wait-for true");
            await child.ExpectAllAsync("ok", "r SIGCHLD");
            await child.DoAsync("off r", "wait-for true");
        }

        await child.EndAsync();
    }

    [Fact]
    public async Task Registration_for_SIGCHLD_hears_of_children_while_we_listen_and_after()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("registration other SIGCHLD pass", "read r SIGCHLD");
        child.Tell("wait-for true");
        await child.ExpectAllAsync("ok", "r SIGCHLD", "other SIGCHLD");
        await child.DoAsync("off r");
        child.Tell("wait-for true");
        await child.ExpectAllAsync("ok", "other SIGCHLD");
        await child.EndAsync();
    }

    [Fact]
    public async Task End_of_a_child_is_seen_though_we_close_SIGCHLD_while_it_runs()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("read r SIGCHLD");
        child.Tell("sleep s");
        var id = int.Parse(await child.ExpectRestAsync("s started "), CultureInfo.InvariantCulture);
        await child.ExpectAsync("ok");
        await child.DoAsync("off r");
        child.SendTo(id, SIGTERM);
        await child.ExpectAsync("s exited 143");
        await child.EndAsync();
    }
}
