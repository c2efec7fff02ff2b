using System.Runtime.CompilerServices;

namespace SignalStreams.Tests.Adapters;

public sealed class CancelOnTests
{
    [Fact]
    public void First_signal_cancels_and_is_named()
    {
        using var test = new TestSignalHub();
        using var cts = test.Hub.CancelOn(SIGINT, SIGTERM);
        Assert.Null(cts.Signal);
        Assert.Null(cts.Delivery);
        var origin = new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 42 };
        test.Raise(SIGTERM, origin);
        test.Raise(SIGINT);
        Assert.True(cts.IsCancellationRequested);
        Assert.Equal(SIGTERM, cts.Signal);
        Assert.Equal(origin, cts.Delivery?.Origin);
    }

    [Fact]
    public void Without_arguments_every_terminating_signal_cancels()
    {
        foreach (var signal in ShutdownSignals.Terminating)
        {
            using var test = new TestSignalHub();
            using var cts = test.Hub.CancelOn();
            test.Raise(signal);
            Assert.Equal(signal, cts.Signal);
        }
    }

    [Fact]
    public async Task Signal_is_known_when_the_callbacks_of_the_token_run()
    {
        await using var test = new TestSignalHub();
        using var cts = test.Hub.CancelOn(SIGTERM);
        var seen = new TaskCompletionSource<ShutdownSignal?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cts.Token.Register(() => seen.SetResult(cts.Signal));
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await seen.Task.WithLimit());
    }

    [Fact]
    public async Task Linked_token_cancels_and_no_signal_is_named()
    {
        await using var test = new TestSignalHub();
        using var outer = new CancellationTokenSource();
        using var cts = test.Hub.CancelOn(outer.Token, SIGTERM);
        using var all = test.Hub.CancelOn(outer.Token);
        await outer.CancelAsync();
        Assert.True(cts.IsCancellationRequested);
        Assert.True(all.IsCancellationRequested);
        test.Raise(SIGTERM);
        await Patience.EndAsync(test);
        Assert.Null(cts.Signal);
        Assert.Null(all.Signal);
    }

    [Fact]
    public void Token_that_is_cancelled_already_cancels_at_once()
    {
        using var test = new TestSignalHub();
        using var cts = test.Hub.CancelOn([SIGTERM], new CancellationToken(canceled: true));
        Assert.True(cts.IsCancellationRequested);
    }

    [Fact]
    public async Task Own_cancellation_names_no_signal()
    {
        await using var test = new TestSignalHub();
        using var cts = test.Hub.CancelOn(SIGTERM);
        await cts.CancelAsync();
        test.Raise(SIGTERM);
        await Patience.EndAsync(test);
        Assert.Null(cts.Signal);
    }

    [Fact]
    public void Disposed_source_gives_the_signals_back()
    {
        using var test = new TestSignalHub();
        var cts = test.Hub.CancelOn(SIGTERM);
        cts.Dispose();
        cts.Dispose();
        Assert.Empty(test.Listeners);
        Assert.False(test.Raise(SIGTERM));
    }

    [Fact]
    public async Task Callback_that_throws_harms_nobody()
    {
        await using var test = new TestSignalHub();
        using var reports = new Reports();
        var text = Reports.UniqueText();
        using var first = test.Hub.CancelOn(SIGTERM);
        using var second = test.Hub.CancelOn(SIGTERM);
        first.Token.Register(() => throw new InvalidOperationException(text));
        test.Raise(SIGTERM);
        Assert.True(first.IsCancellationRequested);
        Assert.True(second.IsCancellationRequested);
        Assert.Equal("CancelOn", (await reports.FailureAsync(text)).Surface);
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Existing_source_is_cancelled_and_outlives_the_link()
    {
        using var test = TestSignals.Install();
        using var cts = new CancellationTokenSource();
        using (cts.CancelOn(SIGHUP))
        {
        }

        Assert.Empty(test.Listeners);
        using var link = cts.CancelOn();
        test.Raise(SIGTERM);
        Assert.True(cts.IsCancellationRequested);
    }

    [Fact]
    public void Existing_source_may_be_disposed_before_the_link()
    {
        using var test = new TestSignalHub();
        var cts = new CancellationTokenSource();
        using var link = test.Hub.CancelOn(cts, [SIGTERM]);
        cts.Dispose();
        Assert.True(test.Raise(SIGTERM));
    }

    [Fact]
    public async Task Live_source_that_nobody_holds_still_cancels()
    {
        await using var test = new TestSignalHub();
        var cancelled = Forgotten(test.Hub);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        test.Raise(SIGTERM);
        await cancelled.WithLimit();

        // Not inlined: nothing on the stack must hold the source.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static Task Forgotten(SignalHub hub)
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hub.CancelOn(SIGTERM).Token.Register(cancelled.SetResult);
            return cancelled.Task;
        }
    }
}
