namespace SignalStreams.WindowsTests;

/// <summary>Each way of the library to be told of the end, and each way by which Windows asks for it.</summary>
public sealed class WayTests
{
    private static readonly string[] Ways = ["wait", "callback", "observe", "scope", "group", "run"];

    public static MatrixTheoryData<string, string> WaysAndKeys => new(Ways, ["CtrlC", "Break"]);

    public static TheoryData<string> AllWays => [.. Ways];

    [Theory]
    [MemberData(nameof(WaysAndKeys))]
    public async Task Key_tells_and_the_program_ends_as_it_likes(string way, string @event)
    {
        using var child = await WindowsChild.StartAsync("Told", way, "0.1");
        child.Raise(Enum.Parse<ConsoleEvent>(@event));
        await AssertEndsAsync(child, way, @event == "CtrlC" ? "SIGINT" : "SIGBREAK");
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task Close_of_the_console_tells_and_is_held_until_the_work_is_done(string way)
    {
        using var child = await WindowsChild.StartAsync("Told", way, "1");
        var held = await child.EndByAsync(ConsoleEvent.Close);
        await child.WaitForExitAsync();
        Assert.Contains(Worked(way, "CTRL_CLOSE_EVENT"), child.Output, StringComparison.Ordinal);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task Close_message_tells_and_the_program_ends_as_it_likes(string way)
    {
        using var child = await WindowsChild.StartAsync("no-console", "Told", way, "0.1");
        Native.Checked(Native.PostMessage(child.Window(messageOnly: false), Native.Close, 0, 0), "PostMessage");
        await AssertEndsAsync(child, way, "SIGTERM");
    }

    private static async Task AssertEndsAsync(WindowsChild child, string way, string signal)
    {
        await child.AssertEndsAsync(way == "run" ? WindowsChild.ControlCExit : 7);
        Assert.Contains($"{Worked(way, signal)}exiting\n", child.Output, StringComparison.Ordinal);
    }

    // Signals.Run does not tell which it was.
    private static string Worked(string way, string signal) => way == "run" ? "ready\nworked\n" : $"ready\ngot {signal}\nworked\n";
}
