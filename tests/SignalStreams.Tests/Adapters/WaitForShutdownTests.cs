namespace SignalStreams.Tests.Adapters;

public sealed class WaitForShutdownTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_returns_the_signal()
    {
        await using var test = new TestSignalHub();
        var wait = test.Hub.WaitForShutdownAsync(Token);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await wait.WithLimit());
    }

    [Fact]
    public async Task Blocking_wait_returns_the_signal()
    {
        await using var test = new TestSignalHub();
        var wait = Task.Factory.StartNew(() => test.Hub.WaitForShutdown(User1, SIGTERM), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await test.WaitForListenerAsync(User1, cancellationToken: Token);
        test.Raise(User1);
        Assert.Equal(User1, await wait.WithLimit());
    }

    [Fact]
    public async Task Signals_stay_claimed_after_the_wait_and_the_third_attempt_ends_the_process()
    {
        await using var test = new TestSignalHub(_time);
        var wait = test.Hub.WaitForShutdownAsync(SIGINT, SIGTERM);
        test.Raise(SIGINT);
        await wait.WithLimit();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(test.Raise(SIGINT));
        Assert.Null(test.Ended);
        _time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGTERM);
        Assert.Equal(TestProcessEndCause.TooManyAttempts, test.Ended?.Cause);
    }

    [Fact]
    public async Task Several_waits_each_get_the_signal()
    {
        await using var test = new TestSignalHub();
        var waits = Enumerable.Range(0, 10).Select(_ => test.Hub.WaitForShutdownAsync(SIGTERM)).ToArray();
        test.Raise(SIGTERM);
        Assert.All(await Task.WhenAll(waits).WithLimit(), signal => Assert.Equal(SIGTERM, signal));
    }

    [Fact]
    public async Task Further_wait_gets_the_next_signal()
    {
        await using var test = new TestSignalHub();
        test.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        for (var i = 0; i < 3; i++)
        {
            var wait = test.Hub.WaitForShutdownAsync(SIGTERM);
            Assert.False(wait.IsCompleted);
            test.Raise(SIGTERM);
            Assert.Equal(SIGTERM, await wait.WithLimit());
        }

        Assert.Equal([SIGTERM], test.Listeners.Select(l => l.Signal));
    }

    [Fact]
    public async Task Cancelled_wait_gives_the_signals_back()
    {
        await using var test = new TestSignalHub();
        using var cts = new CancellationTokenSource();
        var wait = test.Hub.WaitForShutdownAsync(cts.Token);
        Assert.NotEmpty(test.Listeners);
        cts.Cancel();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WithLimit());
        Assert.Equal(cts.Token, error.CancellationToken);
        Assert.Empty(test.Listeners);
        Assert.ThrowsAny<OperationCanceledException>(() => test.Hub.WaitForShutdown([SIGTERM], cts.Token));
    }
}
