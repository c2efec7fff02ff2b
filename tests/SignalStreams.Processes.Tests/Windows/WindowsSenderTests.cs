namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsSenderTests
{
    private readonly FakeWindows _windows = new();
    private readonly WindowsGroupLeaders _leaders = new();
    private readonly FakeProcess _target;

    public WindowsSenderTests() => _target = _windows.Add(100, FakeWindows.Us, 20);

    [Fact]
    public void A_group_of_our_own_is_sent_the_event_by_its_own_id()
    {
        _windows.OnOurConsole.Add(100);
        _leaders.Add(_target.Identity);
        Assert.Equal(SendOutcome.Sent, Send(SIGINT));
        Assert.Equal(["ControlC to group 100"], _windows.Log);
    }

    [Fact]
    public void The_group_id_of_an_earlier_process_does_not_count()
    {
        _windows.OnOurConsole.Add(100);
        _leaders.Add(_target.Identity with { StartTime = 19 });
        Assert.Equal(SendOutcome.NotDeliverable, Send(SIGINT));
        Assert.Empty(_windows.Log);
    }

    [Fact]
    public void A_process_of_another_console_is_reached_by_the_helper_that_spares_everybody_but_its_family()
    {
        _windows.Add(101, 100, 21);
        _windows.Add(102, 101, 22);
        _windows.Add(200, FakeWindows.Us, 23);
        Assert.Equal(SendOutcome.Sent, Send(SIGBREAK));
        Assert.Equal(["helper 100 1 0 4 102 101 100"], _windows.Log);
        Assert.Equal(0, _windows.OpenHandles);
    }

    [Fact]
    public void A_leader_with_a_console_of_its_own_is_reached_by_its_group()
    {
        _leaders.Add(_target.Identity);
        Assert.Equal(SendOutcome.Sent, Send(SIGTERM));
        Assert.Equal(["helper 100 1 100 4"], _windows.Log);
    }

    [Theory]
    [InlineData(ConsoleHelperResult.Gone, SendOutcome.Gone, null)]
    [InlineData(ConsoleHelperResult.NotPermitted, SendOutcome.NotPermitted, null)]
    [InlineData(ConsoleHelperResult.NoConsole, SendOutcome.NotDeliverable, "no console")]
    [InlineData(ConsoleHelperResult.CallerAttached, SendOutcome.NotDeliverable, "this process")]
    [InlineData(ConsoleHelperResult.OthersAttached, SendOutcome.NotDeliverable, "share its console")]
    [InlineData(ConsoleHelperResult.Refused, SendOutcome.NotDeliverable, "refused")]
    [InlineData(ConsoleHelperResult.NotStarted, SendOutcome.NotDeliverable, "could not be run")]
    [InlineData(ConsoleHelperResult.NotWritten, SendOutcome.NotDeliverable, "could not be written")]
    [InlineData(ConsoleHelperResult.NotEnded, SendOutcome.NotDeliverable, "did not end")]
    internal void What_the_helper_says_becomes_the_outcome_and_the_reason(ConsoleHelperResult result, SendOutcome expected, string? reason)
    {
        _windows.HelperResult = new(result, "error 6");
        Assert.Equal(expected, Send(SIGINT, out var said));
        if (reason is null)
        {
            Assert.Null(said);
        }
        else
        {
            Assert.Contains(reason, said, StringComparison.Ordinal);
            Assert.EndsWith("(error 6).", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0x80, ConsoleHelperResult.Sent, null)]
    [InlineData(0x607, ConsoleHelperResult.Interrupted, "0x00000607")]
    [InlineData(0x687, ConsoleHelperResult.Refused, "error 6")]
    [InlineData(0x2C86, ConsoleHelperResult.OthersAttached, "process 44")]
    [InlineData(0x82, ConsoleHelperResult.NoConsole, null)]
    [InlineData(0, ConsoleHelperResult.Interrupted, "0x00000000")]
    [InlineData(unchecked((int)0xC000013A), ConsoleHelperResult.Interrupted, "0xC000013A")]
    [InlineData(-1, ConsoleHelperResult.Interrupted, "0xFFFFFFFF")]
    internal void Exit_code_of_the_helper_says_what_happened_and_with_which_error(int code, ConsoleHelperResult expected, string? detail)
    {
        var answer = ConsoleHelperAnswer.FromExitCode(code);
        Assert.Equal(expected, answer.Result);
        Assert.Contains(detail ?? "", answer.Detail ?? "", StringComparison.Ordinal);
        Assert.Equal(detail is null, answer.Detail is null);
    }

    [Fact]
    public void A_close_message_goes_to_the_windows_that_are_the_programs_own()
    {
        _windows.WindowsOf[100] = [new(7, "Main", false, false), new(8, "IME", false, false)];
        Assert.Equal(SendOutcome.Sent, Send(SIGTERM));
        Assert.Equal(["close 7"], _windows.Log);
    }

    [Fact]
    public void A_window_of_higher_integrity_is_not_permitted()
    {
        _windows.WindowsOf[100] = [new(7, "Main", false, false)];
        _windows.PostErrors[7] = WindowsError.AccessDenied;
        Assert.Equal(SendOutcome.NotPermitted, Send(SIGTERM));
    }

    [Fact]
    public void One_window_that_took_the_message_is_enough()
    {
        _windows.WindowsOf[100] = [new(7, "Main", false, false), new(8, "Other", false, false), new(9, "Third", false, false)];
        _windows.PostErrors[7] = WindowsError.AccessDenied;
        _windows.PostErrors[9] = WindowsError.AccessDenied;
        Assert.Equal(SendOutcome.Sent, Send(SIGTERM));
    }

    [Fact]
    public void Kill_ends_with_the_exit_code_that_the_runtime_uses()
    {
        Assert.Equal(SendOutcome.Sent, Send(SIGKILL));
        Assert.Equal(-1, _target.ExitCode);
    }

    [Fact]
    public void Kill_without_permission_says_so()
    {
        _target.TerminateError = WindowsError.AccessDenied;
        Assert.Equal(SendOutcome.NotPermitted, Send(SIGKILL));
    }

    [Fact]
    public void Whoever_has_ended_is_gone()
    {
        var handle = new FakeHandle(_target);
        _target.End(0);
        Assert.Equal(SendOutcome.Gone, new WindowsSender(_windows, _leaders).Send(handle, SIGINT, null));
    }

    [Fact]
    public void A_console_event_to_ourselves_is_refused()
    {
        using var us = new FakeHandle(_windows.Add(FakeWindows.Us, 0, 10));
        var (outcome, reason) = new WindowsSender(_windows, _leaders).Send(us, SIGINT, null);
        Assert.Equal(SendOutcome.NotDeliverable, outcome);
        Assert.Contains("Signals.Raise", reason, StringComparison.Ordinal);
        Assert.Empty(_windows.Log);
    }

    private SendOutcome Send(ShutdownSignal signal) => Send(signal, out _);

    private SendOutcome Send(ShutdownSignal signal, out string? reason)
    {
        using var handle = new FakeHandle(_target);
        (var outcome, reason) = new WindowsSender(_windows, _leaders).Send(handle, signal, null);
        return outcome;
    }
}
