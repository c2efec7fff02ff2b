using System.Runtime.InteropServices;

namespace SignalStreams.Tests.Sources;

/// <summary>The logic of the Windows source, with the feeds called directly; it runs on every platform.</summary>
public sealed class WindowsSourceTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4.85);

    private readonly ManualTime _time = new();
    private readonly TestProcessExit _exit = new();
    private readonly FakeFeed _feed = new();
    private readonly List<Action<PosixSignalContext>> _others = [];
    private readonly EventArrivals _arrivals;
    private readonly ConsoleEvents _console;
    private readonly WindowsSource _source;
    private readonly SignalRouter _router;

    public WindowsSourceTests()
    {
        _arrivals = new EventArrivals(_time, _ => TimeSpan.FromSeconds(5));
        _console = new ConsoleEvents(_arrivals, isService: false);
        _source = new WindowsSource(_arrivals, _exit, _ => [.. _others], _console, _feed);
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
        var handler = Task.Run(() => _console.Arrived(@event), Token);
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
        Assert.True(_console.Arrived(SIGBREAK));
        Assert.True(receiver.Core.TryRead(out var delivery));
        Assert.Equal(SIGQUIT, delivery.Signal);
        Assert.False(receiver.Core.TryRead(out _));
    }

    [Fact]
    public void Event_that_nobody_listens_to_is_not_handled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        Assert.False(_console.Arrived(SIGINT));
        Open(SIGINT).Dispose();
        Assert.False(_console.Arrived(SIGINT));
        using var receiver = Open(SIGINT);
        Assert.True(_console.Arrived(SIGINT));
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
        Assert.True(_console.Arrived(@event));
    }

    [Fact]
    public void Break_counts_as_an_attempt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var cts = new SignalCancellationTokenSource(_router, "CancelOn", [SIGQUIT, SIGINT], SignalListenOptions.Default, default);
        Assert.True(_console.Arrived(SIGBREAK));
        Assert.True(_console.Arrived(SIGINT));
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

    [Fact]
    public void Sigterm_is_the_close_message_and_the_shutdown()
    {
        Assert.Equal([SIGTERM, CTRL_SHUTDOWN_EVENT], _source.EventsOf(SIGTERM));
        Assert.Equal([CTRL_SHUTDOWN_EVENT], _source.EventsOf(CTRL_SHUTDOWN_EVENT));
    }

    [Theory]
    [InlineData(EventPath.TopLevelWindow, SignalOriginKind.Window)]
    [InlineData(EventPath.MessageOnlyWindow, SignalOriginKind.Window)]
    [InlineData(EventPath.Service, SignalOriginKind.Service)]
    public void Close_message_is_delivered_with_the_way_by_which_it_came(object path, SignalOriginKind kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var receiver = Open(SIGTERM);
        Assert.True(_arrivals.Arrived(SIGTERM, (EventPath)path));
        Assert.True(receiver.Core.TryRead(out var delivery));
        Assert.Equal((SIGTERM, kind), (delivery.Signal, delivery.Origin.Kind));
    }

    [Fact]
    public void Close_message_to_both_windows_is_delivered_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var receiver = Open(SIGTERM);
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.TopLevelWindow));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.MessageOnlyWindow));
        Assert.True(receiver.Core.TryRead(out _));
        Assert.False(receiver.Core.TryRead(out _));

        // Much later it is another request.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.MessageOnlyWindow));
        Assert.True(receiver.Core.TryRead(out _));
    }

    [Theory]
    [InlineData(850, 2)]
    [InlineData(950, 1)]
    [InlineData(1050, 1)]
    [InlineData(1150, 2)]
    public void Close_messages_are_told_apart_by_when_they_were_sent(int ago, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var receiver = Open(SIGTERM);
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.TopLevelWindow));

        // The process was slow.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.MessageOnlyWindow, _arrivals.TimestampBefore(TimeSpan.FromMilliseconds(ago))));
        var requests = 0;
        while (receiver.Core.TryRead(out var delivery))
        {
            requests += delivery.Count;
        }

        Assert.Equal(expected, requests);
    }

    [Fact]
    public void Close_message_to_one_window_is_delivered_each_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var receiver = Open(SIGTERM);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_arrivals.Arrived(SIGTERM, EventPath.TopLevelWindow));
            Assert.True(receiver.Core.TryRead(out _));
        }
    }

    [Theory]
    [InlineData(CTRL_LOGOFF_EVENT)]
    [InlineData(CTRL_SHUTDOWN_EVENT)]
    public async Task End_of_session_by_console_and_window_is_one_attempt_and_holds_both(ShutdownSignal @event)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using var cts = new SignalCancellationTokenSource(_router, "CancelOn", [@event], SignalListenOptions.Default, default);
        var receiver = Open(@event);
        var console = HandlerThread(@event);
        await Patience.UntilAsync(() => receiver.Core.TryRead(out _), "the event");
        _time.Advance(TimeSpan.FromSeconds(1));
        var window = Task.Factory.StartNew(
            () =>
            {
                var handled = _arrivals.Arrived(@event, EventPath.TopLevelWindow);
                _arrivals.Hold(@event);
                return handled;
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Patience.UntilAsync(() => _time.Timers == 2, "both to be held");
        Assert.False(receiver.Core.TryRead(out _));
        Assert.Equal(@event == CTRL_SHUTDOWN_EVENT ? 1 : 0, _router.Attempts);
        Assert.False(console.IsCompleted || window.IsCompleted);
        cts.Dispose();
        receiver.Dispose();
        Assert.True(await console.WithLimit());
        Assert.True(await window.WithLimit());
    }

    [Fact]
    public void Budget_is_asked_for_while_nobody_is_kept_from_the_arrivals()
    {
        EventArrivals? arrivals = null;
        var isFree = true;
        arrivals = new EventArrivals(_time, _ =>
        {
            isFree &= Task.Run(() => arrivals!.Bind(SIGINT, _router), Token).Wait(TimeSpan.FromSeconds(5));
            return TimeSpan.FromSeconds(5);
        });
        arrivals.Bind(CTRL_SHUTDOWN_EVENT, new Taker());
        Assert.True(arrivals.Arrived(CTRL_SHUTDOWN_EVENT, EventPath.Console));
        Assert.True(arrivals.Arrived(CTRL_SHUTDOWN_EVENT, EventPath.TopLevelWindow));
        Assert.True(isFree);
    }

    [Fact]
    public void All_who_share_a_console_are_read_however_many()
    {
        var all = Enumerable.Range(1, 100).Select(id => (uint)id).ToArray();
        Assert.Equal(all, ConsoleCompanions.Read(List));

        // As the system does it.
        uint List(uint[] ids)
        {
            if (ids.Length >= all.Length)
            {
                all.CopyTo(ids, 0);
            }

            return (uint)all.Length;
        }
    }

    [Fact]
    public void Event_that_nobody_took_does_not_stand_in_for_the_next()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        Open(SIGTERM).Dispose();
        Assert.False(_arrivals.Arrived(SIGTERM, EventPath.TopLevelWindow));
        using var receiver = Open(SIGTERM);
        Assert.True(_arrivals.Arrived(SIGTERM, EventPath.MessageOnlyWindow));
    }

    [Fact]
    public void Feed_is_claimed_from_the_first_listener_to_the_last()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var first = Open(SIGTERM);
        var second = Open(SIGTERM, SIGINT);
        Assert.Equal(["+SIGTERM"], _feed.Calls);
        first.Dispose();
        Assert.Equal(["+SIGTERM"], _feed.Calls);
        second.Dispose();
        Assert.Equal(["+SIGTERM", "-SIGTERM"], _feed.Calls);
    }

    [Fact]
    public void Feed_that_refuses_takes_nobody_else_with_it()
    {
        var refusing = new FakeFeed { Refuses = true };
        var router = new SignalRouter(new WindowsSource(_arrivals, _exit, _ => [], _feed, refusing), _exit, _time);
        var core = new ReceiverCore(router, "OpenSignalReceiver", SignalReceiverOptions.Default, default);
        Assert.Throws<InvalidOperationException>(() => core.Open([SIGTERM]));
        Assert.Equal(["+SIGTERM", "-SIGTERM"], _feed.Calls);
    }

    [Fact]
    public void Logoff_does_not_reach_a_service()
    {
        Assert.False(new ConsoleEvents(_arrivals, isService: true).Serves(CTRL_LOGOFF_EVENT));
        Assert.True(new ConsoleEvents(_arrivals, isService: true).Serves(CTRL_SHUTDOWN_EVENT));
        Assert.True(_console.Serves(CTRL_LOGOFF_EVENT));
    }

    [Fact]
    public void Protected_block_is_shown_while_it_runs()
    {
        var hub = new SignalHub(_source, _exit, _time) { IsOfTest = true };
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        using (hub.ShutdownManager.Enter(name: "import"))
        {
            using (hub.ShutdownManager.Enter(name: "inner"))
            {
                Assert.Equal("import", _feed.Work);
            }

            Assert.Equal("import", _feed.Work);
        }

        Assert.Null(_feed.Work);
        hub.CloseShutdownManager();
    }

    [Fact]
    public async Task Ending_event_holds_the_system_from_the_request_to_the_end_of_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var hub = new SignalHub(_source, _exit, _time) { IsOfTest = true };
        using var registration = hub.ShutdownManager.Register(() => { });
        var handler = HandlerThread(CTRL_CLOSE_EVENT);
        await hub.ShutdownManager.Completion.WithLimit();
        Assert.Equal(ShutdownState.Ended, hub.ShutdownManager.State);

        // It would be over for whoever still runs at the end of the process.
        Assert.False(hub.Router.WaitUntilHandled(CTRL_CLOSE_EVENT, TimeSpan.Zero));
        await Patience.UntilAsync(
            () =>
            {
                _time.Advance(Budget);
                return handler.IsCompleted;
            },
            "the handler to return");
        hub.CloseShutdownManager();
    }

    [Theory]
    [InlineData(0x0, CTRL_SHUTDOWN_EVENT)]
    [InlineData(0x4000_0000, CTRL_SHUTDOWN_EVENT)]
    [InlineData(0x8000_0000, CTRL_LOGOFF_EVENT)]
    [InlineData(0xC000_0000, CTRL_LOGOFF_EVENT)]
    [InlineData(0x1, SIGTERM)]
    [InlineData(0x4000_0001, SIGTERM)]
    public void End_of_a_session_says_which(long lParam, ShutdownSignal expected) => Assert.Equal(expected, HiddenWindows.EventOf((nint)lParam));

    [Theory]
    [InlineData("1", false, null, false, true)]
    [InlineData("TRUE", null, "/a/System.ServiceProcess.ServiceController.dll", false, true)]
    [InlineData("0", true, "/a/System.Runtime.dll", false, false)]
    [InlineData("false", null, "/a/System.Runtime.dll", false, false)]
    [InlineData(null, true, "/a/System.ServiceProcess.ServiceController.dll", true, true)]
    [InlineData(null, false, "/a/System.Runtime.dll", false, false)]
    [InlineData(null, null, "/a/System.Runtime.dll", false, true)]
    [InlineData(null, null, "/a/System.Runtime.dll:/a/System.ServiceProcess.ServiceController.dll", false, false)]
    [InlineData(null, null, null, false, false)]
    [InlineData(null, null, "", true, false)]
    [InlineData(null, null, "", false, true)]
    [InlineData("perhaps", null, "/a/System.Runtime.dll", false, true)]
    public void Service_controls_are_left_to_whoever_has_them_unless_somebody_decides(string? variable, bool? isSwitchedOn, string? assemblies, bool isBundled, bool expected) =>
        Assert.Equal(expected, WindowsRole.Decide(variable, isSwitchedOn, assemblies, () => isBundled));

    [Fact]
    public void Raised_event_that_nobody_listens_to_ends_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        _source.Raise(SIGTERM);
        Assert.Equal(SIGTERM, _exit.Ended?.Signal);
    }

    [Theory]
    [InlineData(SIGINT, PosixSignal.SIGINT)]
    [InlineData(SIGHUP, PosixSignal.SIGHUP)]
    [InlineData(SIGTERM, PosixSignal.SIGTERM)]
    public async Task Raised_event_that_only_others_listen_to_is_theirs(ShutdownSignal signal, PosixSignal expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        var heard = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        _others.Add(context =>
        {
            context.Cancel = true;
            heard.SetResult(context.Signal);
        });
        _others.Add(_ => thread.SetResult(Thread.CurrentThread));
        _source.Raise(signal);
        Assert.Equal(expected, await heard.Task.WithLimit());
        (await thread.Task.WithLimit()).Join();
        Assert.Null(_exit.Ended);
    }

    [Fact]
    public async Task Raised_event_that_others_only_look_at_ends_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A claim would be a real one.");
        _others.Add(_ => { });
        _source.Raise(SIGTERM);
        await Patience.UntilAsync(() => _exit.Ended is not null, "the process to end");
        Assert.Equal(SIGTERM, _exit.Ended?.Signal);
    }

    private SignalReceiver Open(params ShutdownSignal[] signals)
    {
        var core = new ReceiverCore(_router, "OpenSignalReceiver", SignalReceiverOptions.Default, default);
        core.Open(signals);
        return new SignalReceiver(core);
    }

    private Task<bool> HandlerThread(ShutdownSignal @event) =>
        Task.Factory.StartNew(() => _console.Arrived(@event), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

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

    private sealed class Taker : ISignalSink
    {
        public bool Record(in SignalArrival arrival, out SignalListener? wake)
        {
            wake = null;
            return true;
        }

        public void WakeLater(SignalListener listener)
        {
        }

        public bool WaitUntilHandled(ShutdownSignal @event, TimeSpan limit) => true;
    }

    private sealed class FakeFeed : IEventFeed
    {
        public string Name => "fakes";

        public bool Refuses { get; init; }

        public List<string> Calls { get; } = [];

        public string? Work { get; private set; }

        public bool Serves(ShutdownSignal @event) => @event is SIGTERM;

        public void Claim(ShutdownSignal @event)
        {
            if (Refuses)
            {
                throw new InvalidOperationException("No.");
            }

            Calls.Add($"+{@event.GetName()}");
        }

        public void Release(ShutdownSignal @event) => Calls.Add($"-{@event.GetName()}");

        public void ShowWork(string? work) => Work = work;
    }
}
