namespace SignalStreams.WindowsTests;

/// <summary>The five events of the console, to all who can listen to them.</summary>
public sealed class ConsoleEventTests
{
    [Theory]
    [InlineData(ConsoleEvent.CtrlC, "SIGINT", "SIGINT")]
    [InlineData(ConsoleEvent.Break, "SIGQUIT", "SIGQUIT")]
    [InlineData(ConsoleEvent.Break, "SIGBREAK,SIGQUIT", "SIGBREAK")]
    public async Task Key_reaches_a_receiver_and_the_program_ends_as_it_likes(object @event, string signals, string name)
    {
        using var child = await WindowsChild.StartAsync("Receive", signals, "0.1");
        child.Raise((ConsoleEvent)@event);
        Assert.Equal($"got {name} from console", (await child.ExpectAsync("got"))[..$"got {name} from console".Length]);
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData(ConsoleEvent.Close, "SIGHUP")]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "SIGTERM")]
    public async Task End_is_held_until_the_receiver_is_closed(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Receive", name, "1");
        var held = await child.EndByAsync((ConsoleEvent)@event);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
        await child.WaitForExitAsync();
        Assert.Contains($"got {name} from console\nworked\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT", "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT", "SIGINT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT", "SIGINT")]
    public async Task Another_event_can_be_listened_to_while_the_end_is_held(object @event, string name, string other)
    {
        using var child = await WindowsChild.StartAsync("OpenWithin", name, other);
        var held = child.HeldAsync((ConsoleEvent)@event);
        await child.ExpectAsync("opened");
        Assert.InRange(await held ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData(ConsoleEvent.Close, "SIGHUP")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "SIGTERM")]
    public async Task End_is_held_until_the_token_is_disposed(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Token", name, "1");
        var held = await child.EndByAsync((ConsoleEvent)@event);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
        await child.WaitForExitAsync();
        Assert.Contains($"cancelled by {name}\nworked\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData(ConsoleEvent.Break, "SIGBREAK")]
    public async Task Key_cancels_a_token(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Token", name, "0.1");
        child.Raise((ConsoleEvent)@event);
        Assert.Equal($"cancelled by {name}", await child.ExpectAsync("cancelled"));
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData(ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData(ConsoleEvent.Break, "SIGBREAK")]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    public async Task Protected_block_and_exit_handlers_are_done_before_the_end(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Block", "1");
        await RaiseAsync(child, (ConsoleEvent)@event);
        await child.WaitForExitAsync();
        Assert.Contains($"asked by {name}\nworked\nunwound\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("handler\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("exiting\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData(ConsoleEvent.Break, "SIGBREAK")]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    public async Task Exit_handlers_are_done_before_the_end(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Handlers", "1");
        await RaiseAsync(child, (ConsoleEvent)@event);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
        Assert.Contains($"handler after {name}\nhandler has worked\nlast handler\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    public async Task Wait_for_shutdown_holds_the_end_until_the_program_has_returned(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("Wait", "1");
        await child.EndByAsync((ConsoleEvent)@event);

        await child.WaitForExitAsync();
        Assert.Contains($"got {name}\nworked\nexiting\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logoff_is_ignored_when_configured_so()
    {
        using var child = await WindowsChild.StartAsync("KeepAtLogoff");
        child.Raise(ConsoleEvent.Logoff);
        await child.ExpectAsync("got CTRL_LOGOFF_EVENT");
        child.Raise(ConsoleEvent.Logoff);
        Assert.False(child.HasExited);
        child.Raise(ConsoleEvent.CtrlC);
        Assert.Equal("handler after SIGINT", await child.ExpectAsync("handler"));
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
    }

    [Fact]
    public async Task Ctrl_c_at_a_console_counts_once()
    {
        using var child = new WindowsChild("console", "CtrlC");
        Assert.StartsWith("got SIGINT from console", await child.ExpectAsync("got"), StringComparison.Ordinal);
        await child.ExpectAsync("attempts 1");
        await child.ExpectAsync("no other");
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    public async Task Exit_by_signal_has_the_exit_code_of_windows(string signal)
    {
        using var child = new WindowsChild("ExitBySignal", signal);
        await child.ExpectAsync("exiting");
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
    }

    [Fact]
    public async Task Run_ends_by_the_signal()
    {
        using var child = await WindowsChild.StartAsync("Run");
        child.Raise(ConsoleEvent.CtrlC);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
    }

    private static async Task RaiseAsync(WindowsChild child, ConsoleEvent @event)
    {
        if (@event is ConsoleEvent.CtrlC or ConsoleEvent.Break)
        {
            child.Raise(@event);
        }
        else
        {
            await child.EndByAsync(@event);
        }
    }
}
