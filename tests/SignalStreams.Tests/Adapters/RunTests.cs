namespace SignalStreams.Tests.Adapters;

public sealed class RunTests
{
    [Fact]
    public void Program_that_ends_by_itself_returns_0()
    {
        using var test = new TestSignalHub();
        Assert.Equal(0, test.Hub.Run(_ => Task.CompletedTask));
        Assert.Null(test.Ended);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Program_that_returns_a_code_keeps_it_after_a_signal()
    {
        using var test = new TestSignalHub();
        Assert.Equal(7, test.Hub.Run(_ => Task.FromResult(7)));
        Assert.Equal(7, test.Hub.Run(async token =>
        {
            test.Raise(SIGTERM);
            await WaitFor(token);
            return 7;
        }));
        Assert.Null(test.Ended);
    }

    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGTERM)]
    public void Program_that_a_signal_ended_ends_by_it(ShutdownSignal signal)
    {
        using var test = new TestSignalHub();
        var code = test.Hub.Run(async token =>
        {
            test.Raise(signal);
            await WaitFor(token);
        });
        Assert.Equal(signal.GetExitCode(), code);
        Assert.Equal(new TestProcessEnd(signal, code, TestProcessEndCause.Run), test.Ended);
    }

    [Fact]
    public void Cancellation_that_is_let_through_is_a_normal_end()
    {
        using var test = new TestSignalHub();
        var code = test.Hub.Run(async token =>
        {
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, token).WithLimit();
            return 3;
        });
        Assert.Equal(SIGTERM.GetExitCode(), code);
    }

    [Fact]
    public void Cancellation_without_a_signal_is_passed_on()
    {
        using var test = new TestSignalHub();
        Assert.ThrowsAny<OperationCanceledException>(() => { test.Hub.Run(_ => Task.FromCanceled(new CancellationToken(canceled: true))); });
    }

    [Fact]
    public void Error_is_passed_on_also_after_a_signal()
    {
        using var test = new TestSignalHub();
        Assert.Throws<FormatException>(() =>
        {
            test.Hub.Run(_ =>
            {
                test.Raise(SIGTERM);
                throw new FormatException();
            });
        });
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Only_the_given_signals_cancel()
    {
        using var test = new TestSignalHub();
        test.Hub.Run(token =>
        {
            Assert.False(test.Raise(User1));
            test.Raise(SIGHUP);
            Assert.False(token.IsCancellationRequested);
            return Task.CompletedTask;
        }, SIGTERM);
    }

    [Fact]
    public void Program_has_no_synchronization_context_and_the_caller_gets_its_own_back()
    {
        using var test = new TestSignalHub();
        var context = new SynchronizationContext();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            test.Hub.Run(async _ =>
            {
                Assert.Null(SynchronizationContext.Current);
                await Task.Yield();
            });
            Assert.Same(context, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static async Task WaitFor(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WithLimit();
    }
}
