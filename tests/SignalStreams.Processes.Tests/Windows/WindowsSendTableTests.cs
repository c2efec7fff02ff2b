namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsSendTableTests
{
    private const string None = nameof(WindowsSendRoute.None);
    private const string Own = nameof(WindowsSendRoute.OwnConsole);
    private const string Helper = nameof(WindowsSendRoute.ConsoleHelper);
    private const string Close = nameof(WindowsSendRoute.Windows);

    // Columns: ours = on our console, leads = known to lead a group, windows, helper in this build.
    public static TheoryData<ShutdownSignal, bool, bool, bool, bool, string> Rows() => new()
    {
        { SIGINT, true, true, false, true, Own },
        { SIGINT, true, false, false, true, None },
        { SIGINT, true, false, true, true, None },
        { SIGINT, false, false, false, true, Helper },
        { SIGINT, false, true, false, true, Helper },
        { SIGINT, false, false, false, false, None },
        { SIGINT, true, true, false, false, Own },
        { SIGBREAK, true, true, true, true, Own },
        { SIGBREAK, true, false, false, true, None },
        { SIGBREAK, false, false, true, true, Helper },
        { SIGBREAK, false, true, false, false, None },
        { SIGQUIT, true, true, false, true, Own },
        { SIGQUIT, false, false, false, true, Helper },
        { SIGTERM, true, true, false, true, Own },
        { SIGTERM, true, true, true, true, Own },
        { SIGTERM, true, false, true, true, Close },
        { SIGTERM, true, false, false, true, None },
        { SIGTERM, false, true, true, true, Close },
        { SIGTERM, false, true, false, true, Helper },
        { SIGTERM, false, true, false, false, None },
        { SIGTERM, false, false, false, true, Helper },
        { SIGTERM, false, false, false, false, None },
        { SIGTERM, false, false, true, false, Close },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_signal_takes_the_way_that_hits_nobody_else(
        ShutdownSignal signal, bool ours, bool leads, bool windows, bool helper, string expected)
    {
        var plan = WindowsSendTable.Choose(signal, value: null, new(IsOurselves: false, ours, leads, windows, helper));
        Assert.Equal(expected, plan.Route.ToString());
        Assert.Equal(expected == None, plan.Reason is not null);
        if (expected is Own or Helper)
        {
            Assert.Equal(signal == SIGINT ? ConsoleEvent.ControlC : ConsoleEvent.ControlBreak, plan.Event);
        }
    }

    [Fact]
    public void A_console_event_is_never_sent_to_ourselves_nor_to_a_sharer_of_our_console_that_leads_no_group()
    {
        ShutdownSignal[] signals = [SIGINT, SIGBREAK, SIGQUIT, SIGTERM, SIGHUP, SIGKILL];
        foreach (var signal in signals)
        {
            for (var bits = 0; bits < 32; bits++)
            {
                var facts = new WindowsSendFacts((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0);
                var route = WindowsSendTable.Choose(signal, null, facts).Route.ToString();
                Assert.False(facts.IsOurselves && route is Own or Helper, $"{signal} {facts}");
                Assert.False(route == Own && !(facts.SharesOurConsole && facts.LeadsGroup), $"{signal} {facts}");
                Assert.False(route == Helper && facts.SharesOurConsole, $"{signal} {facts}");
                Assert.False(route == Helper && !facts.HasConsoleHelper, $"{signal} {facts}");
            }
        }
    }

    [Fact]
    public void Kill_always_has_a_way() => Assert.Equal(WindowsSendRoute.Terminate, WindowsSendTable.Choose(SIGKILL, null, default).Route);

    [Theory]
    [InlineData(SIGHUP)]
    [InlineData(SIGUSR1)]
    [InlineData(SIGSTOP)]
    [InlineData(SIGCONT)]
    [InlineData(CTRL_CLOSE_EVENT)]
    public void What_Windows_cannot_send_is_named_in_the_reason(ShutdownSignal signal)
    {
        var plan = WindowsSendTable.Choose(signal, null, new(false, true, true, true, true));
        Assert.Equal(None, plan.Route.ToString());
        Assert.Contains(signal.GetName(), plan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_cannot_be_sent()
    {
        var plan = WindowsSendTable.Choose(SIGKILL, value: 0, default);
        Assert.Equal(None, plan.Route.ToString());
        Assert.Contains("value", plan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_helper_the_reason_says_that_this_build_has_none() =>
        Assert.Contains("no console helper", WindowsSendTable.Choose(SIGINT, null, default).Reason, StringComparison.Ordinal);
}
