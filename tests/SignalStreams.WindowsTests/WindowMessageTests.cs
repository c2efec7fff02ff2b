using System.Globalization;

namespace SignalStreams.WindowsTests;

/// <summary>The hidden windows: close messages, the end of a session, and that the windows are there when they are needed and only then.</summary>
public sealed class WindowMessageTests
{
    private const long Logoff = 0x8000_0000;
    private const long Critical = 0x4000_0000;

    [Theory]
    [InlineData(false, "no-console")]
    [InlineData(true, "no-console")]
    [InlineData(false, "console")]
    public async Task Close_message_is_sigterm(bool messageOnly, string console)
    {
        using var child = await WindowsChild.StartAsync(console, "Receive", "SIGTERM");
        Post(child.Window(messageOnly), Native.Close);
        Assert.Equal("got SIGTERM from window message", await child.ExpectAsync("got"));
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("Token", "cancelled by SIGTERM")]
    [InlineData("Block", "worked")]
    [InlineData("Handlers", "last handler")]
    [InlineData("Wait", "got SIGTERM")]
    public async Task Close_message_ends_in_order(string scenario, string expected)
    {
        using var child = await WindowsChild.StartAsync(["no-console", scenario, .. scenario == "Token" ? ["SIGTERM"] : Array.Empty<string>(), "0.1"]);
        Post(child.Window(messageOnly: false), Native.Close);
        await child.WaitForExitAsync();
        Assert.Contains($"{expected}\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("exiting\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-console")]
    [InlineData("console")]
    public async Task Taskkill_asks_and_does_not_kill(string console)
    {
        using var child = await WindowsChild.StartAsync(console, "Receive", "SIGTERM", "0.1");
        await child.TaskkillAsync();
        Assert.Equal("got SIGTERM from window message", await child.ExpectAsync("got"));
        await child.AssertEndsAsync(7);
    }

    [Fact]
    public async Task Close_message_to_both_windows_is_one_request()
    {
        for (var round = 0; round < 10; round++)
        {
            using var child = await WindowsChild.StartAsync("ReceiveAll", "SIGTERM,SIGINT");
            var distance = await PostToBothAsync(child, TimeSpan.Zero);
            await child.ExpectAsync("got SIGTERM");
            child.Raise(ConsoleEvent.CtrlC);
            var code = await child.WaitForExitAsync();

            // What a busy machine keeps apart for longer may be two.
            if (distance < TimeSpan.FromMilliseconds(50))
            {
                Assert.Equal(7, code);
                Assert.Equal(1, Requests(child));
                return;
            }
        }

        Assert.Fail("This machine never sends two messages within 50 ms.");
    }

    [Fact]
    public async Task Close_messages_that_were_sent_one_after_the_other_are_two_requests_even_if_they_arrive_together()
    {
        using var child = await WindowsChild.StartAsync("ReceiveAll", "SIGTERM,SIGINT");
        child.Suspend();
        await PostToBothAsync(child, TimeSpan.FromSeconds(1));
        child.Resume();
        for (var requests = 0; requests < 2;)
        {
            requests += await child.NumberAsync("got SIGTERM x");
        }

        child.Raise(ConsoleEvent.CtrlC);
        await child.AssertEndsAsync(7);
        Assert.Equal(2, Requests(child));
    }

    [Theory]
    [InlineData(0, "CTRL_SHUTDOWN_EVENT")]
    [InlineData(Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData(1, "SIGTERM")]
    public async Task End_of_a_session_is_held_until_the_receiver_is_closed(long lParam, string name)
    {
        using var child = await WindowsChild.StartAsync("no-console", "Receive", "CTRL_LOGOFF_EVENT,CTRL_SHUTDOWN_EVENT,SIGTERM", "1");
        var held = EndSession(child, (nint)lParam);
        await child.WaitForExitAsync();
        Assert.Contains($"got {name} from window message\nworked\n", child.Output, StringComparison.Ordinal);
        Assert.InRange(held, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
    }

    [Theory]
    [InlineData("got CTRL_SHUTDOWN_EVENT from window message\nworked\n", "Receive", "CTRL_LOGOFF_EVENT,CTRL_SHUTDOWN_EVENT", "1")]
    [InlineData("handler after CTRL_SHUTDOWN_EVENT\nhandler has worked\nlast handler\n", "Handlers", "1")]
    public async Task End_of_a_session_that_wine_announces_is_held_until_the_work_is_done(string expected, params string[] scenario)
    {
        WindowsChild.SkipElsewhere();
        Assert.SkipUnless(WindowsChild.IsWine, "NOT RUN: only Wine can end a session on one desktop; this is Windows itself.");
        using var child = await WindowsChild.StartAsync(["EndOfSession", "no-console", .. scenario]);
        child.Type("end");
        await child.ExpectAsync("wineboot ended with 0");
        await child.AssertEndsAsync(7);
        Assert.Contains(expected, child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_of_a_session_that_wine_announces_does_not_come_while_a_block_runs()
    {
        WindowsChild.SkipElsewhere();
        Assert.SkipUnless(WindowsChild.IsWine, "NOT RUN: only Wine can end a session on one desktop; this is Windows itself.");
        using var child = await WindowsChild.StartAsync("EndOfSession", "no-console", "BlockUntilTold");
        child.Type("end of the session");
        await child.ExpectAsync("wineboot ended with 1");
        child.Type("end of the block");
        await child.ExpectAsync("over");
        child.Type("end");
        await child.ExpectAsync("child ended with 7");
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData(Critical, "CTRL_SHUTDOWN_EVENT")]
    [InlineData(Critical | Logoff, "CTRL_LOGOFF_EVENT")]
    public async Task End_of_a_session_waits_for_blocks_and_handlers(long lParam, string name)
    {
        using var child = await WindowsChild.StartAsync("no-console", "Block", "1");
        EndSession(child, (nint)lParam);
        await child.WaitForExitAsync();
        Assert.Contains($"asked by {name}\nworked\nunwound\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("handler\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Logoff)]
    public async Task Session_may_not_end_while_a_block_runs_unless_the_user_insists(long lParam)
    {
        using var child = await WindowsChild.StartAsync("no-console", "BlockUntilTold");
        var window = child.Window(messageOnly: false);
        Assert.Equal(0, Send(window, Native.QueryEndSession, 0, (nint)lParam));
        Assert.Equal(1, Send(window, Native.QueryEndSession, 0, (nint)(lParam | Critical)));

        // Of an installer, which has nobody who could insist.
        Assert.Equal(1, Send(window, Native.QueryEndSession, 0, 1));
        Assert.Equal(0, Send(window, Native.EndSession, 0, (nint)lParam));
        child.Type("go on");
        await child.ExpectAsync("over");
        Assert.Equal(1, Send(window, Native.QueryEndSession, 0, (nint)lParam));
        child.Type("end");
        await child.AssertEndsAsync(7);
    }

    [Fact]
    public async Task Logoff_is_ignored_when_configured_so()
    {
        using var child = await WindowsChild.StartAsync("no-console", "KeepAtLogoff");
        var window = child.Window(messageOnly: false);
        for (var i = 0; i < 2; i++)
        {
            _ = Send(window, Native.QueryEndSession, 0, unchecked((nint)Logoff));
            var start = TimeProvider.System.GetTimestamp();
            Assert.Equal(0, Send(window, Native.EndSession, 1, unchecked((nint)Logoff)));
            Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        }

        await child.ExpectAsync("got CTRL_LOGOFF_EVENT");
        Assert.False(child.HasExited);
        Post(window, Native.Close);
        Assert.Equal("handler after SIGTERM", await child.ExpectAsync("handler"));
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
    }

    [Fact]
    public async Task End_of_a_session_lets_go_before_its_time_is_over()
    {
        using var child = await WindowsChild.StartAsync("no-console", "Receive", "CTRL_SHUTDOWN_EVENT", "30");
        var held = EndSession(child, 0);
        Assert.InRange(held, TimeSpan.FromSeconds(4.5), WindowsChild.Patience);
        await child.ExpectAsync("report HoldEnded");
    }

    [Fact]
    public async Task Session_that_does_not_end_after_all_asks_nobody()
    {
        using var child = await WindowsChild.StartAsync("ReceiveAll", "CTRL_SHUTDOWN_EVENT,SIGINT");
        var window = child.Window(messageOnly: false);
        Assert.Equal(1, Send(window, Native.QueryEndSession, 0, 0));
        Assert.Equal(0, Send(window, Native.EndSession, 0, 0));
        child.Raise(ConsoleEvent.CtrlC);
        await child.AssertEndsAsync(7);
        Assert.DoesNotContain("SHUTDOWN", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_by_console_and_window_is_delivered_once()
    {
        using var child = await WindowsChild.StartAsync("Receive", "CTRL_SHUTDOWN_EVENT", "3");
        var console = child.EndByAsync(ConsoleEvent.Shutdown);
        await child.ExpectAsync("got CTRL_SHUTDOWN_EVENT from console");

        // Held along with the first, for as long as that is.
        EndSession(child, 0);
        Assert.NotNull(await console);
        await child.WaitForExitAsync();
        Assert.Equal(2, child.Output.Split("got ").Length);
        Assert.Contains("worked\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGTERM", 1)]
    [InlineData("CTRL_LOGOFF_EVENT", 1)]
    [InlineData("CTRL_SHUTDOWN_EVENT", 1)]
    [InlineData("SIGINT,SIGBREAK,SIGHUP", 0)]
    public async Task Windows_are_there_while_somebody_listens_to_what_they_hear(string signals, int expected)
    {
        using var child = await WindowsChild.StartAsync("no-console", "OpenAndClose", signals);
        Assert.Empty(child.Windows(messageOnly: false));
        for (var i = 0; i < 3; i++)
        {
            child.Type("open");
            await child.ExpectAsync("open");
            Assert.Equal(expected, child.Windows(messageOnly: false).Count);
            Assert.Equal(expected, child.Windows(messageOnly: true).Count);
            child.Type("close");
            await child.ExpectAsync("closed");
            await GoneAsync(child);
        }
    }

    [Fact]
    public async Task Storm_of_close_messages_is_survived_and_the_last_word_is_heard()
    {
        using var child = await WindowsChild.StartAsync("ReceiveAll", "SIGTERM,SIGINT");
        var window = child.Window(messageOnly: false);
        for (var i = 0; i < 20_000; i++)
        {
            // Its queue may be full for a moment.
            _ = Native.PostMessage(window, Native.Close, 0, 0);
        }

        await child.ExpectAsync("got SIGTERM");
        child.Raise(ConsoleEvent.CtrlC);
        await child.ExpectAsync("got SIGINT");
        await child.AssertEndsAsync(7);
    }

    private static int Requests(WindowsChild child)
    {
        const string Got = "got SIGTERM x";
        return child.Output.Split('\n').Where(line => line.StartsWith(Got, StringComparison.Ordinal)).Sum(line => int.Parse(line[Got.Length..], CultureInfo.InvariantCulture));
    }

    /// <returns>What was between the two.</returns>
    private static async Task<TimeSpan> PostToBothAsync(WindowsChild child, TimeSpan distance)
    {
        nint[] windows = [child.Window(messageOnly: false), child.Window(messageOnly: true)];

        // The first call of a function takes a while.
        Array.ForEach(windows, window => Post(window, Native.Null));
        var start = TimeProvider.System.GetTimestamp();
        Post(windows[0], Native.Close);
        if (distance > TimeSpan.Zero)
        {
            await Task.Delay(distance, TestContext.Current.CancellationToken);
        }

        Post(windows[1], Native.Close);
        return TimeProvider.System.GetElapsedTime(start);
    }

    private static void Post(nint window, uint message) => Native.Checked(Native.PostMessage(window, message, 0, 0), "PostMessage");

    private static nint Send(nint window, uint message, nint wParam, nint lParam)
    {
        _ = Native.SendMessage(window, message, wParam, lParam, 0, (uint)WindowsChild.Limit.TotalMilliseconds, out var result);
        return result;
    }

    // What the system does at the end of a session, but for ending the process.
    private static TimeSpan EndSession(WindowsChild child, nint lParam)
    {
        var window = child.Window(messageOnly: false);
        Assert.Equal(1, Send(window, Native.QueryEndSession, 0, lParam));
        var start = TimeProvider.System.GetTimestamp();
        _ = Send(window, Native.EndSession, 1, lParam);
        return TimeProvider.System.GetElapsedTime(start);
    }

    private static async Task GoneAsync(WindowsChild child)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (child.Windows(messageOnly: false).Count + child.Windows(messageOnly: true).Count > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < WindowsChild.Limit, "The windows should be gone.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }
}
