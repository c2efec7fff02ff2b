namespace SignalStreams.Tests.Adapters;

public sealed class EscalationTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(100);
    private readonly ManualTime _time = new();

    [Fact]
    public void Third_attempt_ends_the_process_by_that_signal()
    {
        using var test = new TestSignalHub(_time);
        using var cts = test.Hub.CancelOn(SIGINT, SIGTERM);
        Raise(test, SIGINT);
        Raise(test, SIGTERM);
        Assert.Null(test.Ended);
        Assert.Equal(2, test.Hub.Attempts);
        Raise(test, SIGTERM);
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.TooManyAttempts), test.Ended);
    }

    [Fact]
    public void Repeats_within_100_ms_count_once()
    {
        using var test = new TestSignalHub(_time);
        using var cts = test.Hub.CancelOn(SIGINT);
        for (var i = 0; i < 10; i++)
        {
            test.Raise(SIGINT);
        }

        _time.Advance(Gap - TimeSpan.FromTicks(1));
        test.Raise(SIGINT);
        Assert.Equal(1, test.Hub.Attempts);
        _time.Advance(TimeSpan.FromTicks(1));
        test.Raise(SIGINT);
        Assert.Equal(2, test.Hub.Attempts);
    }

    [Fact]
    public void Different_signals_within_100_ms_count_each()
    {
        using var test = new TestSignalHub(_time);
        using var cts = test.Hub.CancelOn();
        test.Raise(SIGINT);
        test.Raise(SIGTERM);
        test.Raise(SIGQUIT);
        Assert.Equal(SIGQUIT, test.Ended?.Signal);
    }

    [Fact]
    public void Hangup_is_no_attempt()
    {
        using var test = new TestSignalHub(_time);
        using var cts = test.Hub.CancelOn(SIGHUP, SIGTERM);
        for (var i = 0; i < 5; i++)
        {
            Raise(test, SIGHUP);
        }

        Assert.True(cts.IsCancellationRequested);
        Assert.Equal(0, test.Hub.Attempts);
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Receiver_owns_its_signals_and_never_escalates()
    {
        using var test = new TestSignalHub(_time);
        using var receiver = test.Hub.OpenSignalReceiver(SIGINT);
        for (var i = 0; i < 5; i++)
        {
            Raise(test, SIGINT);
        }

        Assert.Equal(0, test.Hub.Attempts);
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Signal_that_only_a_receiver_has_is_no_attempt_for_a_token_on_another()
    {
        using var test = new TestSignalHub(_time);
        using var cts = test.Hub.CancelOn(SIGTERM);
        using var receiver = test.Hub.OpenSignalReceiver(SIGINT);
        for (var i = 0; i < 5; i++)
        {
            Raise(test, SIGINT);
        }

        Assert.Null(test.Ended);
    }

    [Fact]
    public void Count_starts_anew_once_nothing_that_escalates_is_open()
    {
        using var test = new TestSignalHub(_time);
        for (var i = 0; i < 5; i++)
        {
            using var cts = test.Hub.CancelOn(SIGINT);
            Raise(test, SIGINT);
            Raise(test, SIGINT);
            Assert.Equal(2, test.Hub.Attempts);
        }

        Assert.Equal(0, test.Hub.Attempts);
        Assert.Null(test.Ended);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Maximum_can_be_chosen(int maximum)
    {
        using var test = new TestSignalHub(_time);
        test.Hub.MaxAttempts = maximum;
        using var cts = test.Hub.CancelOn(SIGINT);
        for (var i = 1; i < maximum; i++)
        {
            Raise(test, SIGINT);
            Assert.Null(test.Ended);
        }

        Raise(test, SIGINT);
        Assert.NotNull(test.Ended);
    }

    [Fact]
    public void Unlimited_attempts_never_end_the_process()
    {
        using var test = new TestSignalHub(_time);
        test.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        using var cts = test.Hub.CancelOn(SIGINT);
        for (var i = 0; i < 20; i++)
        {
            Raise(test, SIGINT);
        }

        Assert.Null(test.Ended);
    }

    private void Raise(TestSignalHub test, ShutdownSignal signal)
    {
        _time.Advance(Gap);
        test.Raise(signal);
    }
}
