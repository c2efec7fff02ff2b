using System.Collections.Concurrent;

namespace SignalStreams.Tests.Adapters;

public sealed class OnShutdownTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_registration_is_called_once_with_the_signal()
    {
        await using var test = new TestSignalHub(_time);
        var calls = new ConcurrentQueue<ShutdownSignal>();
        for (var i = 0; i < 20; i++)
        {
            test.Hub.OnShutdown(calls.Enqueue);
        }

        test.Raise(SIGTERM);
        await Patience.UntilAsync(() => calls.Count == 20, () => $"{calls.Count} of 20 were called.");
        _time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGINT);
        await Patience.EndAsync(test);
        Assert.Null(test.Ended);
        Assert.Equal(Enumerable.Repeat(SIGTERM, 20), calls);
    }

    [Fact]
    public async Task Async_callback_is_awaited_and_its_error_contained()
    {
        await using var test = new TestSignalHub();
        using var reports = new Reports();
        var text = Reports.UniqueText();
        var called = new TaskCompletionSource<ShutdownSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var failing = test.Hub.OnShutdown(async signal =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"{text} failed on {signal}");
        });
        using var registration = test.Hub.OnShutdown(async signal =>
        {
            await Task.Yield();
            called.SetResult(signal);
        }, SIGINT);
        test.Raise(SIGINT);
        Assert.Equal(SIGINT, await called.Task.WithLimit());
        var (surface, exception) = await reports.FailureAsync(text);
        Assert.Equal("OnShutdown", surface);
        Assert.Contains("failed on SIGINT", exception, StringComparison.Ordinal);
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
        await done.Task.WithLimit();
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

    [Fact]
    public async Task Callback_runs_in_the_execution_context_of_its_registration()
    {
        using var test = TestSignals.Install();
        var heard = new TaskCompletionSource<SignalHub>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = Signals.OnShutdown(_ => heard.SetResult(Signals.Hub));
        test.Raise(SIGTERM);
        Assert.Same(test.Hub, await heard.Task.WithLimit());
    }

    [Fact]
    public async Task Callback_that_ends_the_process_by_the_signal_ends_that_of_the_test()
    {
        using var test = TestSignals.Install();
        using var registration = Signals.OnShutdown(Signals.ExitBySignal);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, (await test.WaitForEndAsync()).Signal);
    }
}
