namespace SignalStreams.Tests.Adapters;

public sealed class OnShutdownTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_registration_is_called_once_with_the_signal()
    {
        await using var test = new TestSignalHub(_time);
        var calls = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 20; i++)
        {
            test.Hub.OnShutdown(signal =>
            {
                Assert.Equal(SIGTERM, signal);
                if (Interlocked.Increment(ref calls) == 20)
                {
                    all.SetResult();
                }
            });
        }

        test.Raise(SIGTERM);
        await all.Task.WaitAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGINT);
        Assert.Null(test.Ended);
        Assert.Equal(20, calls);
    }

    [Fact]
    public async Task Async_callback_is_awaited_and_its_error_contained()
    {
        await using var test = new TestSignalHub();
        var called = new TaskCompletionSource<ShutdownSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var failing = test.Hub.OnShutdown(async signal =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"failed on {signal}");
        });
        using var registration = test.Hub.OnShutdown(async signal =>
        {
            await Task.Yield();
            called.SetResult(signal);
        }, SIGHUP);
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await called.Task.WaitAsync(Token));
    }

    [Fact]
    public void Disposed_registration_gives_back_what_it_claimed()
    {
        using var test = new TestSignalHub();
        var called = false;
        test.Hub.OnShutdown(_ => called = true).Dispose();
        Assert.Empty(test.Listeners);
        Assert.False(test.Raise(SIGTERM));
        Assert.Equal(TestProcessEndCause.NobodyListened, test.Ended?.Cause);
        Assert.False(called);
    }

    [Fact]
    public async Task Registration_that_is_disposed_in_its_callback_gives_back_what_it_claimed()
    {
        await using var test = new TestSignalHub();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IDisposable? registration = null;
        registration = test.Hub.OnShutdown(_ =>
        {
            registration!.Dispose();
            done.SetResult();
        });
        test.Raise(SIGTERM);
        await done.Task.WaitAsync(Token);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Second_signal_does_not_disturb_the_clean_up_and_the_third_ends_it()
    {
        await using var test = new TestSignalHub(_time);
        using var blocked = new ManualResetEventSlim();
        using var registration = test.Hub.OnShutdown(_ => blocked.Wait(Token));
        test.Raise(SIGINT);
        _time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGINT);
        Assert.Null(test.Ended);
        _time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGINT);
        Assert.Equal(SIGINT, test.Ended?.Signal);
        blocked.Set();
    }
}
