namespace SignalStreams.Tests.Sources;

/// <summary>The logic of the Windows source, with the handler called directly; it runs on every platform.</summary>
public sealed class WindowsConsoleSourceTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4.75);

    private readonly ManualTime _time = new();
    private readonly TestProcessExit _exit = new();
    private readonly WindowsConsoleSource _source;
    private readonly SignalRouter _router;

    public WindowsConsoleSourceTests()
    {
        _source = new WindowsConsoleSource(_time, _exit);
        _router = new SignalRouter(_source, _exit, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SIGINT, SIGINT)]
    [InlineData(SIGQUIT, SIGBREAK)]
    [InlineData(SIGBREAK, SIGBREAK)]
    [InlineData(SIGHUP, CTRL_CLOSE_EVENT)]
    [InlineData(CTRL_CLOSE_EVENT, CTRL_CLOSE_EVENT)]
    [InlineData(CTRL_LOGOFF_EVENT, CTRL_LOGOFF_EVENT)]
    [InlineData(SIGTERM, CTRL_SHUTDOWN_EVENT)]
    [InlineData(CTRL_SHUTDOWN_EVENT, CTRL_SHUTDOWN_EVENT)]
    public async Task Event_arrives_under_the_name_that_was_subscribed_to(ShutdownSignal name, ShutdownSignal @event)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(name);
        var read = receiver.ReceiveDeliveryAsync(Token);
        var handler = Task.Run(() => _source.Arrived(@event), Token);
        var delivery = await read.WithLimit();
        Assert.Equal(name, delivery.Signal);
        Assert.Equal(SignalOriginKind.Console, delivery.Origin.Kind);
        receiver.Dispose();
        Assert.True(await handler.WithLimit());
    }

    [Fact]
    public void Event_under_two_names_is_delivered_once_under_the_first()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(SIGQUIT, SIGBREAK);
        Assert.True(_source.Arrived(SIGBREAK));
        Assert.True(receiver.Core.TryRead(out var delivery));
        Assert.Equal(SIGQUIT, delivery.Signal);
        Assert.False(receiver.Core.TryRead(out _));
    }

    [Fact]
    public void Event_that_nobody_listens_to_is_not_handled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        Assert.False(_source.Arrived(SIGINT));
        Open(SIGINT).Dispose();
        Assert.False(_source.Arrived(SIGINT));
        using var receiver = Open(SIGINT);
        Assert.True(_source.Arrived(SIGINT));
    }

    [Theory]
    [InlineData(CTRL_CLOSE_EVENT)]
    [InlineData(CTRL_LOGOFF_EVENT)]
    [InlineData(CTRL_SHUTDOWN_EVENT)]
    public async Task Ending_event_holds_the_system_until_the_receiver_asks_for_more(ShutdownSignal @event)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(@event);
        var read = receiver.ReceiveDeliveryAsync(Token);
        var handler = HandlerThread(@event);
        Assert.Equal(@event, (await read.WithLimit()).Signal);
        Assert.False(handler.IsCompleted);
        var next = receiver.ReceiveDeliveryAsync(Token);
        Assert.True(await handler.WithLimit());
        receiver.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next.WithLimit());
    }

    [Fact]
    public async Task Ending_event_holds_the_system_until_the_receiver_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(CTRL_CLOSE_EVENT);
        var handler = HandlerThread(CTRL_CLOSE_EVENT);
        await Patience.UntilAsync(() => receiver.Core.TryRead(out _), "the event");
        Assert.False(handler.IsCompleted);
        receiver.Dispose();
        Assert.True(await handler.WithLimit());
    }

    [Fact]
    public async Task Ending_event_holds_the_system_until_the_token_is_disposed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var cts = new SignalCancellationTokenSource(_router, "CancelOn", [CTRL_SHUTDOWN_EVENT], SignalListenOptions.Default, default);
        var handler = HandlerThread(CTRL_SHUTDOWN_EVENT);
        await Patience.UntilAsync(() => cts.IsCancellationRequested, "the token to be cancelled");
        Assert.Equal(CTRL_SHUTDOWN_EVENT, cts.Signal);
        Assert.False(handler.IsCompleted);
        cts.Dispose();
        Assert.True(await handler.WithLimit());
    }

    [Fact]
    public async Task Ending_event_lets_the_system_go_when_its_time_is_nearly_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(CTRL_CLOSE_EVENT);
        var handler = HandlerThread(CTRL_CLOSE_EVENT);
        await Patience.UntilAsync(() => receiver.Core.TryRead(out _), "the event");
        _time.Advance(Budget - TimeSpan.FromTicks(1));
        Assert.False(handler.IsCompleted);

        // The timer is made after the delivery: until it exists, the clock has to be moved again.
        await Patience.UntilAsync(
            () =>
            {
                _time.Advance(Budget);
                return handler.IsCompleted;
            },
            "the handler to return");
        Assert.True(await handler.WithLimit());
        receiver.Dispose();
    }

    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGBREAK)]
    public void Event_that_does_not_end_the_process_holds_nobody(ShutdownSignal @event)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var receiver = Open(@event);
        Assert.True(_source.Arrived(@event));
    }

    [Fact]
    public void Break_counts_as_an_attempt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var cts = new SignalCancellationTokenSource(_router, "CancelOn", [SIGQUIT, SIGINT], SignalListenOptions.Default, default);
        Assert.True(_source.Arrived(SIGBREAK));
        Assert.True(_source.Arrived(SIGINT));
        Assert.Equal(2, _router.Attempts);
    }

    [Fact]
    public void Raised_event_reaches_our_listeners_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var receiver = Open(SIGTERM);
        _source.Raise(CTRL_SHUTDOWN_EVENT);
        Assert.True(receiver.Core.TryRead(out var delivery));
        Assert.Equal((SIGTERM, SignalOriginKind.Self), (delivery.Signal, delivery.Origin.Kind));
    }

    [Fact]
    public void Signal_that_Windows_does_not_have_has_no_event() =>
        Assert.Throws<PlatformNotSupportedException>(() => _source.EventsOf(SIGUSR1));

    private SignalReceiver Open(params ShutdownSignal[] signals)
    {
        var core = new ReceiverCore(_router, "OpenSignalReceiver", SignalReceiverOptions.Default, default);
        core.Open(signals);
        return new SignalReceiver(core);
    }

    private Task<bool> HandlerThread(ShutdownSignal @event) =>
        Task.Factory.StartNew(() => _source.Arrived(@event), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [Fact]
    public async Task Ending_event_holds_the_system_through_the_clean_up_after_a_wait_for_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var wait = new ShutdownWait(_router, new ShutdownKeeper(_router), "WaitForShutdown").WaitAsync([CTRL_CLOSE_EVENT], SignalListenOptions.Default, Token);
        var handler = HandlerThread(CTRL_CLOSE_EVENT);
        Assert.Equal(CTRL_CLOSE_EVENT, await wait.WithLimit());

        // What it would be let go by: the wait has closed, and tells so.
        _router.Progressed();
        Assert.False(_router.WaitUntilHandled(CTRL_CLOSE_EVENT, TimeSpan.Zero));
        Assert.False(handler.IsCompleted);
        while (!handler.IsCompleted)
        {
            _time.Advance(Budget);
            await Task.Yield();
        }

        Assert.True(await handler);
    }
}
