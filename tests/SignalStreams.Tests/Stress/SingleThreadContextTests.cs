namespace SignalStreams.Tests.Stress;

/// <summary>Under a context with one thread: nothing waits for that thread while it waits, and what follows an await runs on it.</summary>
public sealed class SingleThreadContextTests : IAsyncDisposable
{
    private readonly TestSignalHub _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public Task Loop_runs_on_the_context_and_ends_when_its_body_disposes_the_receiver() => SingleThreadContext.RunAsync(async () =>
    {
        await using var receiver = _test.Hub.OpenSignalReceiver(SIGHUP);
        var read = 0;
        RaiseFromElsewhere(SIGHUP);
        await foreach (var signal in receiver)
        {
            Assert.True(SingleThreadContext.IsCurrent);
            if (++read == 100)
            {
                receiver.Dispose();
            }
            else
            {
                RaiseFromElsewhere(SIGHUP);
            }
        }

        Assert.True(SingleThreadContext.IsCurrent);
        Assert.Equal(100, read);
    });

    [Fact]
    public Task Loop_that_waits_ends_when_the_context_disposes_the_receiver_and_blocks() => SingleThreadContext.RunAsync(async () =>
    {
        var receiver = _test.Hub.OpenSignalReceiver(SIGHUP);
        var loop = LoopAsync(receiver);
        var read = ReadAsync(receiver);
#pragma warning disable xUnit1031 // That it does not dead-lock is what is tested.
        receiver.DisposeAsync().AsTask().Wait(TestContext.Current.CancellationToken);
#pragma warning restore xUnit1031
        Assert.Equal(0, await loop);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        Assert.Empty(_test.Listeners);

        async Task<int> LoopAsync(SignalReceiver open)
        {
            var count = 0;
            await foreach (var signal in open)
            {
                count++;
            }

            Assert.True(SingleThreadContext.IsCurrent);
            return count;
        }

        async Task ReadAsync(SignalReceiver open) => await open.ReceiveAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task Reads_return_to_the_context_with_and_without_waiting() => SingleThreadContext.RunAsync(async () =>
    {
        await using var receiver = _test.Hub.OpenSignalReceiver(SIGHUP);
        for (var i = 0; i < 100; i++)
        {
            RaiseFromElsewhere(SIGHUP);
            Assert.Equal(SIGHUP, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
            Assert.True(SingleThreadContext.IsCurrent);
            _test.Raise(SIGHUP);
            Assert.Equal(SIGHUP, (await receiver.ReceiveDeliveryAsync(TestContext.Current.CancellationToken)).Signal);
            Assert.True(SingleThreadContext.IsCurrent);
        }
    });

    [Fact]
    public Task Cancelled_read_returns_to_the_context() => SingleThreadContext.RunAsync(async () =>
    {
        await using var receiver = _test.Hub.OpenSignalReceiver(SIGHUP);
        using var cts = new CancellationTokenSource();
        var read = ReadAsync();
        await cts.CancelAsync();
        await read;
        Assert.False(receiver.TryReceive(out _));

        async Task ReadAsync()
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiver.ReceiveAsync(cts.Token));
            Assert.True(SingleThreadContext.IsCurrent);
        }
    });

    [Fact]
    public Task Token_ends_a_delay_on_the_context() => SingleThreadContext.RunAsync(async () =>
    {
        using var cts = _test.Hub.CancelOn(SIGTERM);
        var isOnContext = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cts.Token.Register(() => isOnContext.SetResult(SingleThreadContext.IsCurrent), useSynchronizationContext: false);
        RaiseFromElsewhere(SIGTERM);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, cts.Token));
        Assert.True(SingleThreadContext.IsCurrent);
        Assert.Equal(SIGTERM, cts.Signal);

        // Callbacks run from the last that was registered to the first: this one after that of the delay.
        Assert.False(await isOnContext.Task.WithLimit());
    });

    [Fact]
    public Task Wait_for_shutdown_returns_to_the_context() => SingleThreadContext.RunAsync(async () =>
    {
        RaiseWhenListening(SIGTERM);
        Assert.Equal(SIGTERM, await _test.Hub.WaitForShutdownAsync([SIGTERM], TestContext.Current.CancellationToken));
        Assert.True(SingleThreadContext.IsCurrent);
    });

    [Fact]
    public Task Wait_for_shutdown_that_blocks_the_context_ends() => SingleThreadContext.RunAsync(() =>
    {
        RaiseWhenListening(SIGTERM);
        Assert.Equal(SIGTERM, _test.Hub.WaitForShutdown([SIGTERM], TestContext.Current.CancellationToken));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Wait_for_shutdown_that_blocks_another_thread_ends_while_the_context_runs() => SingleThreadContext.RunAsync(async () =>
    {
        await using var receiver = _test.Hub.OpenSignalReceiver(SIGTERM);
        var wait = Task.Factory.StartNew(
            () => _test.Hub.WaitForShutdown([SIGTERM], TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Patience.UntilAsync(() => _test.Listeners.Count == 2, () => "Nobody waits.");
        RaiseFromElsewhere(SIGTERM);
        Assert.Equal(SIGTERM, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(SIGTERM, await wait);
        Assert.True(SingleThreadContext.IsCurrent);
    });

    [Fact]
    public Task Main_function_run_on_the_context_ends() => SingleThreadContext.RunAsync(() =>
    {
        RaiseWhenListening(SIGTERM);
        Assert.Equal(SIGTERM.GetExitCode(), _test.Hub.Run(async token => await Task.Delay(Timeout.Infinite, token).WithLimit(), SIGTERM));
        Assert.True(SingleThreadContext.IsCurrent);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Callback_that_waits_for_the_context_is_let_go_by_it() => SingleThreadContext.RunAsync(async () =>
    {
        var context = SynchronizationContext.Current!;
        var stopped = new TaskCompletionSource();
        using var registration = _test.Hub.OnShutdown(
            async _ =>
            {
                var posted = new TaskCompletionSource();
                context.Post(_ => posted.SetResult(), null);
                await posted.Task;
                context.Post(_ => stopped.SetResult(), null);
            },
            SIGTERM);
        RaiseFromElsewhere(SIGTERM);
        await stopped.Task;
        Assert.True(SingleThreadContext.IsCurrent);
    });

    private void RaiseFromElsewhere(ShutdownSignal signal) => Task.Run(() => _test.Raise(signal), TestContext.Current.CancellationToken);

    private void RaiseWhenListening(ShutdownSignal signal) => Task.Run(
        async () =>
        {
            await _test.WaitForListenerAsync(signal, cancellationToken: TestContext.Current.CancellationToken);
            _test.Raise(signal);
        },
        TestContext.Current.CancellationToken);
}
