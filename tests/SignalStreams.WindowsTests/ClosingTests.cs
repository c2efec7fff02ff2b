namespace SignalStreams.WindowsTests;

/// <summary>The last listener has closed, or is closed while the system waits for it.</summary>
public sealed class ClosingTests
{
    private const string All = "SIGINT,SIGBREAK,CTRL_CLOSE_EVENT,CTRL_LOGOFF_EVENT,CTRL_SHUTDOWN_EVENT,SIGTERM";

    // The default handler of Wine ends the process with 0.
    private static int DefaultExit => WindowsChild.IsWine ? 0 : WindowsChild.ControlCExit;

    [Theory]
    [InlineData(ConsoleEvent.CtrlC)]
    [InlineData(ConsoleEvent.Break)]
    [InlineData(ConsoleEvent.Close)]
    [InlineData(ConsoleEvent.Logoff)]
    [InlineData(ConsoleEvent.Shutdown)]
    public async Task Event_that_nobody_listens_to_any_more_ends_the_program_as_the_system_would(object @event)
    {
        using var child = await WindowsChild.StartAsync("Closed", All);
        child.Raise((ConsoleEvent)@event);
        await child.AssertEndsAsync(DefaultExit);
    }

    [Theory]
    [InlineData(ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData(ConsoleEvent.Break, "SIGBREAK")]
    [InlineData(ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData(ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    public async Task Event_that_somebody_listens_to_again_is_received(object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("OpenAgain", All);
        await child.HeldAsync((ConsoleEvent)@event);
        Assert.StartsWith($"got {name} from console", await child.ExpectAsync("got"), StringComparison.Ordinal);
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("callback", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData("callback", ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData("token", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData("token", ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData("receiver", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData("receiver", ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    public async Task Only_listener_that_its_own_callback_closes_lets_the_system_go_and_the_program_ends_by_itself(string how, object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("CloseByItself", how, name);
        var held = child.HeldAsync((ConsoleEvent)@event);
        await child.ExpectAsync("closing on SignalStreams delivery");
        await child.ExpectAsync("closed inside");
        Assert.InRange(await held ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("before", ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData("after", ConsoleEvent.CtrlC, "SIGINT")]
    [InlineData("before", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData("after", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    public async Task Receiver_that_another_owner_of_the_event_closes_ends_and_so_does_the_program(string order, object @event, string name)
    {
        using var child = await WindowsChild.StartAsync("CloseByAnother", order, name);
        var held = child.HeldAsync((ConsoleEvent)@event);
        await child.ExpectAsync("closed by another");
        Assert.InRange(await held ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await child.AssertEndsAsync(7);
        Assert.Equal(order == "after", child.Output.Contains($"got {name}\n", StringComparison.Ordinal));
    }
}
