namespace SignalStreams.Tests.Receivers;

public sealed class SignalReceiverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signal_before_the_first_read_is_buffered()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        Assert.True(test.Raise(SIGHUP));
        Assert.True(test.Raise(SIGTERM));
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(Token).WithLimit());
        Assert.True(receiver.TryReceive(out var signal));
        Assert.Equal(SIGTERM, signal);
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public async Task Loop_gets_signals_in_order_until_it_leaves()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP, User1);
        List<ShutdownSignal> seen = [];
        var loop = Task.Run(async () =>
        {
            await foreach (var signal in receiver)
            {
                seen.Add(signal);
                if (signal == SIGTERM)
                {
                    break;
                }
            }
        }, Token);
        test.Raise(User1);
        test.Raise(SIGHUP);
        test.Raise(SIGHUP);
        test.Raise(SIGTERM);
        test.Raise(User1);
        await loop.WithLimit();
        Assert.Equal([User1, SIGHUP, SIGHUP, SIGTERM], seen);
        Assert.Equal(User1, await receiver.ReceiveAsync(Token).WithLimit());
    }

    [Fact]
    public async Task Delivery_tells_sequence_time_origin_and_count()
    {
        var time = new ManualTime();
        await using var test = new TestSignalHub(time);
        await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        time.Advance(TimeSpan.FromSeconds(5));
        test.Raise(SIGHUP);
        var origin = new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 };
        test.Raise(SIGTERM, origin);
        var first = await receiver.ReceiveDeliveryAsync(Token).WithLimit();
        var second = await receiver.ReceiveDeliveryAsync(Token).WithLimit();
        Assert.Equal(new SignalDelivery { Signal = SIGHUP, Sequence = 1, Timestamp = TimeSpan.FromSeconds(5).Ticks, Count = 1, Origin = new SignalOrigin { Kind = SignalOriginKind.Test } }, first);
        Assert.Equal((SIGTERM, 2, origin), (second.Signal, second.Sequence, second.Origin));
    }

    [Fact]
    public async Task Raw_number_is_delivered_by_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "15 is a number of Unix.");
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver((ShutdownSignal)15, SIGTERM, (ShutdownSignal)1);
        Assert.Equal([SIGTERM, SIGHUP], receiver.Subscribed);
        test.Raise((ShutdownSignal)15);
        Assert.Equal(SIGTERM, await receiver.ReceiveAsync(Token).WithLimit());
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public async Task Two_receivers_have_a_copy_each_and_closing_one_touches_no_other()
    {
        await using var test = new TestSignalHub();
        await using var first = test.Hub.OpenSignalReceiver(SIGTERM);
        await using (var second = test.Hub.OpenSignalReceiver(SIGTERM))
        {
            test.Raise(SIGTERM);
            Assert.Equal(SIGTERM, await second.ReceiveAsync(Token).WithLimit());
        }

        Assert.Equal(SIGTERM, await first.ReceiveAsync(Token).WithLimit());
        Assert.True(test.Raise(SIGTERM));
        Assert.Equal(SIGTERM, await first.ReceiveAsync(Token).WithLimit());
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Added_signal_is_heard_and_removed_one_is_not()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        Assert.False(test.Raise(User1));
        receiver.Add(User1);
        receiver.Add(User1);
        Assert.Equal([SIGHUP, User1], receiver.Subscribed);
        Assert.True(test.Raise(User1));
        Assert.True(receiver.Remove(User1));
        Assert.False(receiver.Remove(User1));
        Assert.False(test.Raise(User1));
        Assert.Equal(User1, await receiver.ReceiveAsync(Token).WithLimit());
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public async Task Signal_added_during_the_loop_is_heard_by_it()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        List<ShutdownSignal> seen = [];
        using var limit = NewLimit();
        test.Raise(SIGHUP);
        await foreach (var signal in receiver.WithCancellation(limit.Token))
        {
            seen.Add(signal);
            if (signal == SIGHUP)
            {
                receiver.Add(SIGTERM);
                receiver.Remove(SIGHUP);
                test.Raise(SIGTERM);
            }
            else
            {
                break;
            }
        }

        Assert.Equal([SIGHUP, SIGTERM], seen);
        Assert.Equal([SIGTERM], receiver.Subscribed);
    }

    [Fact]
    public async Task Removing_all_signals_leaves_a_receiver_that_waits()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        receiver.Remove(SIGHUP);
        Assert.Empty(test.Listeners);
        var wait = receiver.ReceiveAsync(Token);
        Assert.False(wait.IsCompleted);
        receiver.Add(User2);
        test.Raise(User2);
        Assert.Equal(User2, await wait.WithLimit());
    }

    [Fact]
    public async Task Closing_ends_the_loop_and_makes_a_pending_read_throw()
    {
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        var loop = Task.Run(async () =>
        {
            await foreach (var _ in receiver)
            {
            }
        }, Token);
        var read = receiver.ReceiveAsync(Token);
        receiver.Dispose();
        await receiver.DisposeAsync();
        await loop.WithLimit();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WithLimit());
    }

    [Fact]
    public async Task Closed_receiver_says_so_and_never_hangs()
    {
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        test.Raise(SIGHUP);
        receiver.Dispose();
        using var limit = NewLimit();
        await foreach (var _ in receiver.WithCancellation(limit.Token))
        {
            Assert.Fail("A closed receiver yields nothing.");
        }

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => receiver.ReceiveAsync(Token).WithLimit());
        Assert.Contains(nameof(SignalReceiver), error.Message, StringComparison.Ordinal);
        Assert.False(receiver.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => receiver.Add(SIGTERM));
        Assert.False(receiver.Remove(SIGHUP));
        Assert.Empty(receiver.Subscribed);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Cancelled_wait_throws_with_its_token_and_loses_nothing()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        using var cts = new CancellationTokenSource();
        var read = receiver.ReceiveAsync(cts.Token);
        cts.Cancel();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WithLimit());
        Assert.Equal(cts.Token, error.CancellationToken);
        test.Raise(SIGHUP);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiver.ReceiveAsync(cts.Token).WithLimit());
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(Token).WithLimit());
    }

    [Fact]
    public async Task Token_of_the_receiver_cancels_its_waits()
    {
        await using var test = new TestSignalHub();
        using var cts = new CancellationTokenSource();
        await using var receiver = test.Hub.OpenSignalReceiver(new List<ShutdownSignal> { SIGHUP }, cts.Token);
        var read = receiver.ReceiveAsync(Token);
        cts.Cancel();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WithLimit());
        Assert.Equal(cts.Token, error.CancellationToken);
        test.Raise(SIGHUP);
        Assert.True(receiver.TryReceive(out _));
    }

    [Fact]
    public async Task Asynchronous_continuations_run_on_the_thread_pool()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { RunContinuationsAsynchronously = true }, SIGHUP);
        await using var inline = test.Hub.OpenSignalReceiver(SIGHUP);
        var onPool = ThreadAfter(receiver);
        var onDelivery = ThreadAfter(inline);
        test.Raise(SIGHUP);
        Assert.True(await onPool.WithLimit());
        Assert.False(await onDelivery.WithLimit());

        static async Task<bool> ThreadAfter(SignalReceiver receiver)
        {
            await receiver.ReceiveAsync(Token).ConfigureAwait(false);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

#pragma warning disable CA2012, xUnit1031 // The test does by hand what an await does whose first look came too early.
    [Fact]
    public async Task Await_that_comes_after_the_signal_goes_on_upon_a_delivery_thread_all_the_same()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        var read = receiver.ReceiveAsync(Token).GetAwaiter();
        test.Raise(SIGHUP);
        await Patience.UntilAsync(() => read.IsCompleted, "the signal to be given to the reader");

        var thread = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        read.UnsafeOnCompleted(() => thread.SetResult(Thread.CurrentThread.Name));
        Assert.Equal("SignalStreams delivery", await thread.Task.WithLimit());
        Assert.Equal(SIGHUP, read.GetResult());
    }
#pragma warning restore CA2012, xUnit1031

    private static CancellationTokenSource NewLimit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience.Limit);
        return limit;
    }

    [Fact]
    public async Task Cancelled_read_goes_on_upon_a_delivery_thread_where_it_may_block()
    {
        using var test = new TestSignalHub();
        using var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        using var cancellation = new CancellationTokenSource();
        using var othersWereCalled = new ManualResetEventSlim();

        // Callbacks are called last come, first served: what blocks in the reader's would keep this one from being called.
        cancellation.Token.Register(othersWereCalled.Set);

        // Begun on this thread: when that comes back, the reader waits and watches the token.
        var reader = ReadAsync();
        Assert.True(receiver.Core.NeedsWakeUp);
        await cancellation.CancelAsync();
        Assert.Equal("SignalStreams delivery", await reader.WithLimit());

        async Task<string?> ReadAsync()
        {
            try
            {
                await receiver.ReceiveAsync(cancellation.Token).ConfigureAwait(false);
                return "nothing was cancelled";
            }
            catch (OperationCanceledException)
            {
                Assert.True(othersWereCalled.Wait(Patience.Limit));
                return Thread.CurrentThread.Name;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Continuation_by_hand_that_throws_is_contained(bool isLate)
    {
        using var test = new TestSignalHub();
        using var reports = new Reports();
        using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        var text = Reports.UniqueText();
#pragma warning disable CA2012 // Awaited by hand, once: that is what is tested.
        var awaiter = receiver.ReceiveAsync(TestContext.Current.CancellationToken).GetAwaiter();
#pragma warning restore CA2012
        if (isLate)
        {
            test.Raise(SIGHUP);
            await Patience.UntilAsync(() => awaiter.IsCompleted, () => "The read has not completed.");
        }

        awaiter.UnsafeOnCompleted(() => throw new InvalidOperationException(text));
        if (!isLate)
        {
            test.Raise(SIGHUP);
        }

        await reports.FailureAsync(text);
    }
}
