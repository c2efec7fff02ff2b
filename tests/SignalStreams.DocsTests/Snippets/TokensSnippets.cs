using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class TokensSnippets : SnippetTests
{
    [Fact]
    public async Task Source_is_made_for_signals()
    {
        using var test = TestSignals.Install();

        #region Source_is_made_for_signals
        using var shutdown = Signals.CancelOn();                        // every signal that asks a process to end
        using var interrupt = Signals.CancelOn(SIGINT);                 // this one only
        using var either = Signals.CancelOn(shutdown.Token, SIGUSR1);   // a token or a signal
        #endregion
        test.Raise(SIGTERM);
        Assert.Equal((true, SIGTERM), (shutdown.IsCancellationRequested, shutdown.Signal));
        Assert.False(interrupt.IsCancellationRequested);

        // A callback of the other token cancels this one.
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = either.Token.Register(cancelled.SetResult);
        await cancelled.Task.WithLimit();
        Assert.Equal((true, null), (either.IsCancellationRequested, either.Signal));
    }

    [Fact]
    public void Existing_source_is_cancelled()
    {
        using var test = TestSignals.Install();

        #region Existing_source_is_cancelled
        using var source = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        using var link = source.CancelOn(SIGINT, SIGTERM);
        #endregion
        test.Raise(SIGINT);
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task Timeout_and_signal_are_told_apart()
    {
        using var test = TestSignals.Install();
        Task WorkAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        #region Timeout_and_signal_are_told_apart
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        using var shutdown = Signals.CancelOn(timeout.Token, SIGINT, SIGTERM);
        try
        {
            await WorkAsync(shutdown.Token);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            Console.WriteLine(shutdown.Delivery is { } delivery ? $"stopped by {delivery}" : "out of time");
        }
        #endregion
        Assert.Equal(["stopped by SIGTERM from pid 1, uid 0"], Console.Lines);
    }

    [Fact]
    public async Task Third_attempt_ends_the_process()
    {
        #region Third_attempt_ends_the_process
        await using var test = new TestSignalHub();
        using var shutdown = test.Hub.CancelOn();

        test.Raise(SIGINT);             // cancels the token
        test.Raise(SIGTERM);            // changes nothing
        Assert.Null(test.Ended);
        test.Raise(SIGQUIT);            // ends the process by SIGQUIT
        Assert.Equal(SIGQUIT, test.Ended?.Signal);
        #endregion
    }

    [Fact]
    public void Attempts_are_unlimited_by_choice()
    {
        using var test = TestSignals.Install();

        #region Attempts_are_unlimited_by_choice
        Signals.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        #endregion
        using var shutdown = Signals.CancelOn();
        foreach (var signal in new[] { SIGINT, SIGTERM, SIGQUIT })
        {
            test.Raise(signal);
        }

        Assert.Equal(3, test.Hub.Attempts);
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Ignored_signal_is_listened_to_by_option()
    {
        using var test = TestSignals.Install();

        #region Ignored_signal_is_listened_to_by_option
        using var shutdown = Signals.CancelOn(new SignalListenOptions { OverrideIgnored = true }, [SIGINT, SIGTERM]);
        #endregion
        test.Raise(SIGINT);
        Assert.Equal(SIGINT, shutdown.Signal);
    }
}
