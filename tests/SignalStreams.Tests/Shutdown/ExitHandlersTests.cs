namespace SignalStreams.Tests.Shutdown;

public sealed class ExitHandlersTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly TestSignalHub _test;
    private readonly List<string> _log = [];

    public ExitHandlersTests() => _test = new TestSignalHub(_time);

    private ShutdownManager Manager => _test.ShutdownManager;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(ExitHandlerOrder.LastRegisteredFirst, "c b a")]
    [InlineData(ExitHandlerOrder.FirstRegisteredFirst, "a b c")]
    public void Handlers_run_in_the_order_that_was_chosen(ExitHandlerOrder order, string expected)
    {
        Manager.Configure(o => o.HandlerOrder = order);
        Log("a", "b", "c");
        _test.ReturnFromMain();
        Assert.Equal(expected.Split(' '), _log);
    }

    [Fact]
    public void Every_kind_of_handler_runs_and_asynchronous_ones_are_waited_for()
    {
        Manager.Configure(o => o.HandlerOrder = ExitHandlerOrder.FirstRegisteredFirst);
        Manager.Register(() => _log.Add("a"));
        Manager.Register(context => _log.Add($"b {context.Cause}"));
        Manager.Register(async () =>
        {
            await Task.Yield();
            _log.Add("c");
        });
        Manager.Register(async context =>
        {
            await Task.Yield();
            await Task.Yield();
            _log.Add($"d {context.Cause}");
        });
        Manager.Register(() => _log.Add("e"));
        _test.ReturnFromMain();
        Assert.Equal(["a", "b Normal", "c", "d Normal", "e"], _log);
    }

    [Fact]
    public void What_a_handler_awaits_continues_on_its_own_thread()
    {
        Manager.Register(async () =>
        {
            var thread = Environment.CurrentManagedThreadId;
            await Task.Run(() => { }, TestContext.Current.CancellationToken);
            _log.Add(thread == Environment.CurrentManagedThreadId && !Thread.CurrentThread.IsThreadPoolThread ? "same" : "other");
        });
        _test.ReturnFromMain();
        Assert.Equal(["same"], _log);
    }

    [Fact]
    public async Task Handler_that_blocks_on_what_it_has_started_gets_it()
    {
        Manager.Register(async () =>
        {
            await Task.Yield();
#pragma warning disable xUnit1031 // That is the point.
            InnerAsync().GetAwaiter().GetResult();
#pragma warning restore xUnit1031
            _log.Add("outer");
            async Task InnerAsync()
            {
                await Task.Yield();
                _log.Add("inner");
            }
        });
        await Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken).WithLimit();
        Assert.Equal(["inner", "outer"], _log);
    }

    [Fact]
    public void Handler_sees_the_context_in_which_it_was_registered()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        Manager.Register(() => _log.Add(local.Value ?? "none"));
        local.Value = "another";
        _test.ReturnFromMain();
        Assert.Equal(["mine"], _log);
    }

    [Fact]
    public void Disposed_registration_does_not_run_and_may_be_disposed_again()
    {
        Log("a");
        using (Manager.Register(() => _log.Add("never")))
        {
            Log("b");
        }

        var gone = Manager.Register(() => _log.Add("never"));
        gone.Dispose();
        gone.Dispose();
        _test.ReturnFromMain();
        gone.Dispose();
        Assert.Equal(["b", "a"], _log);
    }

    [Fact]
    public void Handler_that_throws_is_reported_and_the_others_run()
    {
        var text = Reports.UniqueText();
        using var reports = new Reports();
        Log("a");
        Manager.Register(() => throw new InvalidOperationException(text), name: "broken");
        Manager.Register(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException(text);
        });
        Log("b");
        _test.ReturnFromMain();
        Assert.Equal(["b", "a"], _log);
        Assert.Equal(2, reports.FailuresOf(text).Count);
        var entry = Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "broken");
        Assert.Equal((TimelineOutcome.Failed, text), (entry.Outcome, entry.Error?.Message));
    }

    [Fact]
    public void Handler_that_unregisters_itself_and_others_skips_none()
    {
        Log("a");
        var victim = Manager.Register(() => _log.Add("never"));
        Log("b");
        ExitHandlerRegistration? self = null;
        self = Manager.Register(() =>
        {
            self!.Dispose();
            victim.Dispose();
            _log.Add("self");
        });
        Log("c");
        _test.ReturnFromMain();
        Assert.Equal(["c", "self", "b", "a"], _log);
    }

    [Fact]
    public void Handler_that_registers_others_has_them_run_too()
    {
        Log("a");
        Manager.Register(() =>
        {
            _log.Add("b");
            Manager.Register(() =>
            {
                _log.Add("c");
                Log("d");
            });
        });
        _test.ReturnFromMain();
        Assert.Equal(["b", "c", "d", "a"], _log);
        Assert.Throws<ShutdownImminentException>(() => Manager.Register(() => { }));
    }

    [Fact]
    public async Task Handler_that_hangs_costs_its_own_limit_and_not_the_others_theirs()
    {
        using var hang = new ManualResetEventSlim();
        var ended = new TaskCompletionSource();
        Log("a");
        Manager.Register(() => hang.Wait(Patience.Limit), timeLimit: 2 * Second, name: "hangs");
        Manager.Register(() => ended.Task, timeLimit: 3 * Second, name: "hangs too");
        Log("b");
        var end = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        await UntilRunningAsync("hangs too");
        Assert.Equal(["b"], _log);
        _time.Advance(3 * Second);
        await UntilRunningAsync("hangs");
        _time.Advance(2 * Second);
        await end.WithLimit();
        Assert.Equal(["b", "a"], _log);
        Assert.Equal(
            "The shutdown was held up: handler 'hangs too' was given up after 3 s (limit 3 s); handler 'hangs' was given up after 2 s (limit 2 s).",
            Manager.Timeline.Verdict);
        hang.Set();
        ended.SetResult();
    }

    [Fact]
    public async Task Token_warns_a_handler_shortly_before_its_limit()
    {
        var remaining = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        Manager.Register(
            async context =>
            {
                remaining.SetResult(context.TimeRemaining);
                await Task.Delay(Timeout.Infinite, context.Token);
            },
            timeLimit: Second,
            name: "heeds");
        var end = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        Assert.Equal(Second, await remaining.Task.WithLimit());
        _time.Advance(0.9 * Second);
        await end.WithLimit();
        Assert.Equal(TimelineOutcome.Cancelled, Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "heeds").Outcome);
        Assert.Null(Manager.Timeline.Verdict);
    }

    [Fact]
    public async Task Handlers_that_have_not_begun_when_the_clean_up_s_time_is_over_are_skipped()
    {
        using var hang = new ManualResetEventSlim();
        Manager.Configure(o => (o.CleanUpTime, o.HandlerTime) = (3 * Second, Timeout.InfiniteTimeSpan));
        Log("never", "never");
        Manager.Register(() => hang.Wait(Patience.Limit), name: "hangs");
        _test.Raise(SIGTERM);
        await UntilRunningAsync("hangs");
        Assert.Equal(3 * Second, Manager.TimeRemaining);
        _time.Advance(3 * Second);
        Assert.Equal(SIGTERM, (await _test.WaitForEndAsync()).Signal);
        Assert.Empty(_log);
        Assert.Equal(2, Manager.Timeline.Entries.Count(entry => entry.Outcome == TimelineOutcome.Skipped));
        hang.Set();
    }

    [Fact]
    public void Phases_run_by_their_order_and_the_default_one_among_them()
    {
        var drain = new ExitPhase("drain", -10);
        var close = new ExitPhase("close", 10);
        Manager.Register(() => _log.Add("close 1"), close);
        Manager.Register(() => _log.Add("exit"));
        Manager.Register(() => _log.Add("drain 1"), drain);
        Manager.Register(() => _log.Add("drain 2"), new ExitPhase("drain", -10));
        Manager.Register(() => _log.Add("close 2"), close);
        _test.ReturnFromMain();
        Assert.Equal(["drain 2", "drain 1", "exit", "close 2", "close 1"], _log);
        Assert.Equal(["drain", "exit", "close"], Manager.Timeline.Entries.Where(entry => entry.Kind == TimelineEntryKind.Phase).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Limit_of_a_phase_gives_up_the_handler_that_runs_and_skips_the_rest_of_the_phase()
    {
        using var hang = new ManualResetEventSlim();
        var phase = new ExitPhase("drain", -1, TimeLimit: 2 * Second);
        Log("exit");
        Manager.Register(() => _log.Add("never"), phase, name: "skipped");
        Manager.Register(() => hang.Wait(Patience.Limit), phase, name: "hangs");
        var end = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        await UntilRunningAsync("hangs");
        _time.Advance(2 * Second);
        await end.WithLimit();
        Assert.Equal(["exit"], _log);
        Assert.Equal(TimelineOutcome.Skipped, Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "skipped").Outcome);
        hang.Set();
    }

    [Fact]
    public void Two_phases_of_one_name_are_refused()
    {
        Manager.Register(() => { }, new ExitPhase("drain", 1));
        Assert.Throws<ArgumentException>(() => Manager.Register(() => { }, new ExitPhase("drain", 2)));
        Assert.Throws<ArgumentException>(() => Manager.Register(() => { }, new ExitPhase("drain", 1, Second)));
        Assert.Throws<ArgumentException>(() => Manager.Register(() => { }, new ExitPhase("exit", 0, Second)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Register(() => { }, new ExitPhase("late", 1, TimeSpan.Zero)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Register(() => { }, timeLimit: TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>(() => Manager.Register((Action)null!));
    }

    [Fact]
    public void Static_members_are_those_of_the_default_manager()
    {
        using var installed = TestSignals.Install(_time);
        ExitHandlers.Register(() => _log.Add("a"));
        ExitHandlers.Register(_ => _log.Add("b"));
        ExitHandlers.Register(() => Task.FromResult(_log.Count));
        ExitHandlers.Register(_ => Task.FromResult(_log.Count));
        installed.ReturnFromMain();
        Assert.Equal(["b", "a"], _log);
    }

    [Fact]
    public void Handler_without_a_name_is_called_after_its_expression()
    {
        using var registration = Manager.Register(() => _log.Add("a"));
        Assert.Equal("() => _log.Add(\"a\")", registration.Name);
        Assert.Equal((ExitPhase.Default, null), (registration.Phase, registration.TimeLimit));
    }

    [Fact]
    public async Task Handler_that_is_registered_by_a_block_of_the_end_runs()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Manager.Register(() =>
        {
            new Thread(() =>
            {
                using var block = Manager.Enter(runAtExit: true);
                entered.Set();
                release.Wait(Patience.Limit);
                Log("late");
            }).Start();
            entered.Wait(Patience.Limit);
        });
        _ = Manager.RequestShutdown("now");
        entered.Wait(Patience.Limit, TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => Manager.Pending.Any(entry => entry.Kind == TimelineEntryKind.Block), "the block");
        release.Set();
        await Manager.Completion.WithLimit();
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public async Task Handler_s_own_choice_of_an_exit_code_is_kept()
    {
        Manager.Register(() => _test.Hub.Router.Exit.ExitCode = 9);
        _test.Raise(SIGTERM);
        Assert.Equal(9, (await _test.WaitForEndAsync()).ExitCode);
    }

    [Fact]
    public async Task Handler_that_calls_exit_is_given_up_at_its_limit_and_its_code_does_not_count()
    {
        Task<TestProcessEnd>? exit = null;
        Log("a");
        Manager.Register(
            () =>
            {
                exit = Task.Run(() => _test.ReturnFromMain(3));
                return exit;
            },
            timeLimit: 2 * Second,
            name: "exits");
        Log("b");
        _test.Raise(SIGTERM);
        await UntilRunningAsync("exits");
        await Patience.UntilAsync(() => _test.Hub.Router.Exit.ExitCode == 3 && Volatile.Read(ref exit) is not null, "the exit");
        _time.Advance(2 * Second);
        Assert.Equal((SIGTERM, SIGTERM.GetExitCode()), ((await exit!.WithLimit()).Signal, _test.Ended!.ExitCode));
        Assert.Equal(["b", "a"], _log);
        Assert.Equal("exits", Assert.Single(Manager.Timeline.Culprits).Name);
    }

    [Fact]
    public async Task Handler_s_own_choice_of_an_exit_code_outlives_another_that_hangs()
    {
        using var hang = new ManualResetEventSlim();
        Manager.Register(() => hang.Wait(Patience.Limit), timeLimit: Second, name: "hangs");
        Manager.Register(() => _test.Hub.Router.Exit.ExitCode = 9);
        _test.Raise(SIGTERM);
        await UntilRunningAsync("hangs");
        _time.Advance(Second);
        Assert.Equal(9, (await _test.WaitForEndAsync()).ExitCode);
        hang.Set();
    }

    [Fact]
    public async Task Handler_of_a_phase_whose_time_is_over_is_skipped()
    {
        using var hang = new ManualResetEventSlim();
        var early = new ExitPhase("early", -1, Second);
        Manager.Register(() => Manager.Register(() => _log.Add("never"), early, name: "late"));
        Manager.Register(() => hang.Wait(Patience.Limit), early, name: "hangs");
        var end = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        await UntilRunningAsync("hangs");
        _time.Advance(Second);
        await end.WithLimit();
        Assert.Empty(_log);
        Assert.Equal(TimelineOutcome.Skipped, Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "late").Outcome);
        hang.Set();
    }

    [Fact]
    public async Task Two_thousand_handlers_in_a_hundred_phases_run_once_each_and_ten_thousand_blocks_are_nested()
    {
        var runs = new int[2000];
        for (var i = 0; i < runs.Length; i++)
        {
            var own = i;
            Manager.Register(() => runs[own]++, new ExitPhase($"phase {own % 100}", own % 100));
        }

        var blocks = new Stack<ShutdownProtection>();
        for (var i = 0; i < 10_000; i++)
        {
            blocks.Push(Manager.Enter());
        }

        _test.Raise(SIGTERM);
        while (blocks.TryPop(out var block))
        {
            Assert.Equal(ShutdownState.Requested, Manager.State);
            block.Dispose();
        }

        await Patience.UntilAsync(() => Manager.State != ShutdownState.Requested, "the last block to let go");
        Assert.Equal(SIGTERM, _test.ReturnFromMain().Signal);
        Assert.All(runs, run => Assert.Equal(1, run));
        var table = Manager.Timeline.ToString();
        Assert.InRange(table.Split('\n').Length, 100, 110);
    }

    private void Log(params string[] names)
    {
        foreach (var name in names)
        {
            Manager.Register(() => _log.Add(name));
        }
    }

    private Task UntilRunningAsync(string name) =>
        Patience.UntilAsync(() => Manager.Pending.Any(entry => entry.Name == name), $"handler '{name}' to run");
}
