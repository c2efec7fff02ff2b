namespace SignalStreams.Tests.Shutdown;

public sealed class ShutdownManagerTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestSignalHub _test;

    public ShutdownManagerTests() => _test = new TestSignalHub(_time);

    private ShutdownManager Manager => _test.ShutdownManager;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Manager_that_is_only_looked_at_listens_to_nothing()
    {
        Assert.Equal(ShutdownState.Running, Manager.State);
        Assert.Equal(0, Manager.Attempts);
        Assert.Null(Manager.Reason);
        Assert.Null(Manager.Signal);
        Assert.Empty(Manager.Pending);
        Assert.Equal(Deadline.Never, Manager.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, Manager.TimeRemaining);
        Assert.Empty(_test.Listeners);
    }

    [Theory]
    [InlineData("Configure")]
    [InlineData("StoppingToken")]
    [InlineData("Enter")]
    [InlineData("Register")]
    public void First_use_listens_to_all_that_asks_a_process_to_end(string member)
    {
        switch (member)
        {
            case "Configure":
                Manager.Configure(_ => { });
                break;
            case "StoppingToken":
                _ = Manager.StoppingToken;
                break;
            case "Enter":
                Manager.Enter().Dispose();
                break;
            default:
                Manager.Register(() => { });
                break;
        }

        Assert.Equal(ShutdownSignals.Terminating.Order(), _test.Listeners.Select(listener => listener.Signal).Order());
        Assert.All(_test.Listeners, listener => Assert.Equal(nameof(ShutdownManager), listener.Surface));
    }

    [Fact]
    public async Task Signal_cancels_the_token_runs_the_handlers_and_ends_the_process_by_it()
    {
        var token = Manager.StoppingToken;
        List<string> log = [];
        Manager.Register(() => log.Add($"handler, {Manager.State}, cancelled: {token.IsCancellationRequested}"));
        Manager.Configure(o => o.BeforeTermination = () => log.Add("last"));
        _test.Raise(SIGTERM);
        Assert.True(token.IsCancellationRequested);
        Assert.Equal(ShutdownState.Stopping, Manager.State);
        Assert.Equal(TimeSpan.FromSeconds(30), Manager.TimeRemaining);

        // The thread that has cancelled the token is on its way out.
        SpinWait.SpinUntil(() => Manager.Pending.Count == 1, Patience.Limit);
        Assert.Equal("main function", Assert.Single(Manager.Pending).Name);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.Shutdown), await _test.WaitForEndAsync());
        await Manager.Completion.WithLimit();
        Assert.Equal(["handler, CleaningUp, cancelled: True", "last"], log);
        Assert.Equal(ShutdownState.Ended, Manager.State);
        Assert.Equal(SIGTERM, Manager.Signal);
        Assert.Equal(1, Manager.Attempts);
    }

    [Fact]
    public async Task Nobody_is_waited_for_who_could_not_know_of_the_end()
    {
        var hasRun = false;
        Manager.Register(() => hasRun = true);
        _test.Raise(SIGINT);
        Assert.Equal(SIGINT, (await _test.WaitForEndAsync()).Signal);
        Assert.True(hasRun);
    }

    [Fact]
    public async Task Main_is_waited_for_when_somebody_else_hears_the_signal_too()
    {
        var hasRun = false;
        Manager.Register(() => hasRun = true);
        using var cts = _test.Hub.CancelOn(SIGINT);
        _test.Raise(SIGINT);
        Assert.True(cts.IsCancellationRequested);
        await Patience.UntilAsync(() => Manager.State == ShutdownState.Stopping, "the state");
        Assert.False(hasRun);
        _test.ReturnFromMain();
        Assert.True(hasRun);
    }

    [Fact]
    public void Main_that_returns_within_the_roll_back_time_ends_the_process_by_the_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP and SIGQUIT are not among the signals that end a process there.");
        _ = Manager.StoppingToken;
        List<ExitContext> contexts = [];
        Manager.Register(contexts.Add);
        _test.Raise(SIGHUP);
        Assert.Equal(new TestProcessEnd(SIGHUP, SIGHUP.GetExitCode(), TestProcessEndCause.MainReturned), _test.ReturnFromMain());
        var context = Assert.Single(contexts);
        Assert.Equal((ExitCause.Signal, SIGHUP), (context.Cause, context.Signal));
        Assert.Equal(ShutdownState.Ended, Manager.State);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public void Exit_code_that_main_returns_wins_over_the_signal(int code)
    {
        _ = Manager.StoppingToken;
        _test.Raise(SIGTERM);
        Assert.Equal(new TestProcessEnd(null, code, TestProcessEndCause.MainReturned), _test.ReturnFromMain(code));
    }

    [Fact]
    public void Second_attempt_ends_a_long_roll_back_time_that_nobody_chose()
    {
        _ = Manager.StoppingToken;
        _test.Raise(SIGINT);
        Assert.Equal(TimeSpan.FromSeconds(30), Manager.TimeRemaining);
        _test.Raise(SIGTERM);
        Assert.Equal(TimeSpan.FromSeconds(5), Manager.TimeRemaining);
    }

    [Fact]
    public async Task Roll_back_time_that_was_chosen_is_kept()
    {
        _ = Manager.StoppingToken;
        Manager.Configure(o => o.RollbackTime = TimeSpan.FromSeconds(60));
        _test.Raise(SIGINT);
        _test.Raise(SIGTERM);
        Assert.Equal(TimeSpan.FromSeconds(60), Manager.TimeRemaining);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(SIGINT, (await _test.WaitForEndAsync()).Signal);
    }

    [Fact]
    public async Task Run_follows_the_policy_of_the_manager()
    {
        Manager.Configure(o => o.ExitStatus = ExitStatusPolicy.Code(0));
        var running = Task.Run(() => _test.Hub.Run(token => Task.Delay(Timeout.Infinite, token)), TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => _test.Listeners.Any(listener => listener is { Surface: "Run", Signal: var signal } && signal == SIGTERM), "Run to listen");
        _test.Raise(SIGTERM);
        Assert.Equal(0, await running.WithLimit());
        Assert.Equal((null, 0), (_test.Ended?.Signal, _test.Ended?.ExitCode));
    }

    [Fact]
    public async Task Unhandled_exception_during_the_clean_up_of_a_signal_ends_the_process_all_the_same()
    {
        using var hang = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        Manager.Register(() =>
        {
            runs++;
            begun.SetResult();
            hang.Wait(Patience.Limit);
        });
        _test.Raise(SIGTERM);
        await begun.Task.WithLimit();
        var crash = Task.Run(() => _test.ThrowUnhandled(new InvalidOperationException("elsewhere")), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => crash.WaitAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        hang.Set();
        Assert.Equal(TestProcessEndCause.UnhandledException, (await crash.WithLimit()).Cause);
        Assert.Equal((ShutdownState.Ended, 1), (Manager.State, runs));
    }

    [Fact]
    public async Task Cancellation_that_nobody_catches_is_no_failure_once_the_token_is_cancelled()
    {
        var token = Manager.StoppingToken;
        _test.Raise(SIGTERM);
        var ending = Task.Run(() => _test.ThrowUnhandled(new TaskCanceledException("uncaught", null, token)), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.Shutdown), await ending.WithLimit());
    }

    [Fact]
    public async Task Process_exit_handlers_of_others_are_given_five_seconds()
    {
        _ = Manager.StoppingToken;
        _test.Raise(SIGTERM);
        using var hang = new ManualResetEventSlim();
        _test.Hub.Router.Exit.Exiting += () => hang.Wait(Patience.Limit);
        var main = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        await Manager.Completion.WithLimit();
        await Patience.UntilAsync(
            () =>
            {
                // The five seconds begin a moment after the completion.
                _time.Advance(TimeSpan.FromSeconds(1));
                return _test.Ended is not null;
            },
            "the limit to pass");
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.LimitPassed), _test.Ended);
        hang.Set();
        await main.WithLimit();
    }

    [Theory]
    [InlineData("signal")]
    [InlineData("128+n")]
    [InlineData("0")]
    [InlineData("9")]
    public async Task Exit_status_is_the_one_that_was_chosen(string policy)
    {
        Manager.Configure(o => o.ExitStatus = policy switch
        {
            "signal" => ExitStatusPolicy.BySignal,
            "128+n" => ExitStatusPolicy.ShellCode,
            _ => ExitStatusPolicy.Code(policy[0] - '0'),
        });
        _test.Raise(SIGTERM);
        var end = await _test.WaitForEndAsync();
        Assert.Equal(policy switch { "signal" => (SIGTERM, SIGTERM.GetExitCode()), "128+n" => (null, SIGTERM.GetExitCode()), _ => ((ShutdownSignal?)null, policy[0] - '0') }, (end.Signal, end.ExitCode));
    }

    [Fact]
    public async Task Request_of_the_program_ends_it_with_the_code_that_it_asks_for()
    {
        Assert.True(Manager.RequestShutdown("no disk", exitCode: 4));
        Assert.False(Manager.RequestShutdown("no memory", exitCode: 5));
        Assert.Equal(new TestProcessEnd(null, 4, TestProcessEndCause.Shutdown), await _test.WaitForEndAsync());
        Assert.Equal((CancelReason)"no disk", Manager.Reason);
        Assert.Equal(ShutdownKind.Terminate, Manager.Kind);
        Assert.Null(Manager.Signal);
        Assert.Equal(0, Manager.Attempts);
    }

    [Theory]
    [InlineData("SIGINT", ShutdownKind.Interrupt)]
    [InlineData("SIGTERM", ShutdownKind.Terminate)]
    [InlineData("SIGHUP", ShutdownKind.Terminate)]
    public void Kind_is_that_of_the_first_signal(string signal, ShutdownKind kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && signal == "SIGHUP", "SIGHUP is not among the signals that end a process there.");
        _ = Manager.StoppingToken;
        _test.Raise(ShutdownSignals.Parse(signal));
        Assert.Equal(kind, Manager.Kind);
    }

    [Fact]
    public void Second_attempt_terminates_and_the_third_ends_the_process()
    {
        _ = Manager.StoppingToken;
        var terminating = Manager.TerminatingToken;
        var lastWords = 0;
        Manager.Configure(o => o.BeforeTermination = () => lastWords++);
        _test.Raise(SIGINT);
        Assert.Equal(ShutdownKind.Interrupt, Manager.Kind);
        _test.Raise(SIGINT);
        Assert.Equal(ShutdownKind.Interrupt, Manager.Kind);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _test.Raise(SIGINT);
        Assert.Equal(ShutdownKind.Terminate, Manager.Kind);
        SpinWait.SpinUntil(() => terminating.IsCancellationRequested, Patience.Limit);
        Assert.Equal((ShutdownState.Stopping, 2), (Manager.State, Manager.Attempts));
        Assert.Null(_test.Ended);
        _test.Raise(SIGTERM);
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.TooManyAttempts), _test.Ended);

        // The end waits for them for a quarter of a second only.
        Assert.True(SpinWait.SpinUntil(() => lastWords == 1, Patience.Limit));
    }

    [Fact]
    public void Hangup_after_a_signal_hurries_nobody()
    {
        _ = Manager.StoppingToken;
        _test.Raise(SIGTERM);
        _test.Raise(SIGHUP);
        Assert.Equal((false, TimeSpan.FromSeconds(30), ShutdownKind.Terminate), (Manager.TerminatingToken.IsCancellationRequested, Manager.TimeRemaining, Manager.Kind));
    }

    [Fact]
    public void Logoff_ends_the_process_unless_told_otherwise()
    {
        Manager.Configure(o => o.TerminateOnLogoff = false);
        Manager.OnSignal(new SignalCancelReason(new SignalDelivery { Signal = CTRL_LOGOFF_EVENT }));
        Assert.Equal(ShutdownState.Running, Manager.State);
        Manager.Configure(o => o.TerminateOnLogoff = true);
        Manager.Configure(o => o.ExitStatus = ExitStatusPolicy.Code(0));
        Manager.OnSignal(new SignalCancelReason(new SignalDelivery { Signal = CTRL_LOGOFF_EVENT }));
        Assert.NotEqual(ShutdownState.Running, Manager.State);
    }

    [Fact]
    public void Code_of_zero_that_main_returns_while_a_block_holds_the_end_counts_too()
    {
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        new Thread(() =>
        {
            using var block = Manager.Enter();
            entered.Set();
            release.Wait(Patience.Limit);
        }).Start();
        entered.Wait(Patience.Limit, TestContext.Current.CancellationToken);
        _test.Raise(SIGTERM);
        new Thread(() =>
        {
            SpinWait.SpinUntil(() => _test.Hub.Router.Exit.IsZeroChosen, Patience.Limit);
            release.Set();
        }).Start();
        Assert.Equal(new TestProcessEnd(null, 0, TestProcessEndCause.MainReturned), _test.ReturnFromMain(0));
    }

    [Fact]
    public void Attempts_can_be_unlimited()
    {
        _ = Manager.StoppingToken;
        Manager.Configure(o => o.MaxAttempts = SignalHub.UnlimitedAttempts);
        for (var i = 0; i < 10; i++)
        {
            _test.Raise(SIGINT);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(10, Manager.Attempts);
        Assert.Null(_test.Ended);
    }

    [Fact]
    public void Hangup_that_does_not_terminate_only_calls_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP and SIGQUIT are not among the signals that end a process there.");
        var hangups = 0;
        Manager.Configure(o =>
        {
            o.TerminateOnHangup = false;
            o.BeforeHangup = () => hangups++;
        });
        var token = Manager.StoppingToken;
        for (var i = 1; i <= 5; i++)
        {
            _test.Raise(SIGHUP);
            Assert.Equal(i, hangups);
        }

        Assert.Equal((ShutdownState.Running, 0, false), (Manager.State, Manager.Attempts, token.IsCancellationRequested));
        Manager.Configure(o => o.TerminateOnHangup = true);
        _test.Raise(SIGHUP);
        Assert.Equal((ShutdownState.Stopping, 6, 0), (Manager.State, hangups, Manager.Attempts));
    }

    [Fact]
    public async Task Hangup_callback_that_hangs_or_throws_keeps_nobody_from_ending_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP and SIGQUIT are not among the signals that end a process there.");
        using var hang = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Manager.Configure(o =>
        {
            o.TerminateOnHangup = false;
            o.BeforeHangup = () => throw new InvalidOperationException("reload failed");
        });
        _test.Raise(SIGHUP);
        Manager.Configure(o => o.BeforeHangup = () =>
        {
            reached.SetResult();
            hang.Wait(Patience.Limit);
        });
        var hangup = Task.Run(() => _test.Raise(SIGHUP), TestContext.Current.CancellationToken);
        await reached.Task.WithLimit();
        var end = Task.Run(() => _test.Raise(SIGTERM), TestContext.Current.CancellationToken);
        Assert.Equal(SIGTERM, (await _test.WaitForEndAsync()).Signal);
        hang.Set();
        await Task.WhenAll(hangup, end).WithLimit();
    }

    [Fact]
    public void Signal_that_was_not_chosen_keeps_its_default()
    {
        Manager.Configure(o => o.Signals = [User1]);
        Assert.Equal(new[] { SIGINT, SIGTERM, User1 }.Order(), _test.Listeners.Select(listener => listener.Signal).Order());
        Assert.False(_test.Raise(SIGHUP));
        Assert.Equal(TestProcessEndCause.NobodyListened, _test.Ended?.Cause);
        Assert.Equal(ShutdownState.Running, Manager.State);
    }

    [Fact]
    public void What_is_left_null_keeps_its_value()
    {
        var called = 0;
        Manager.Configure(o =>
        {
            o.MaxExecTime = TimeSpan.FromSeconds(3);
            o.BeforeHangup = () => called++;
            o.TerminateOnHangup = false;
            o.Signals = [SIGHUP];
        });
        Manager.Configure(o => o.RollbackTime = TimeSpan.FromSeconds(1));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)), (Manager.Settings.MaxExecTime, Manager.Settings.RollbackTime));
        _test.Raise(SIGHUP);
        Assert.Equal(1, called);
        Assert.DoesNotContain(SIGQUIT, _test.Listeners.Select(listener => listener.Signal));
    }

    [Fact]
    public void Bad_option_is_refused_and_nothing_is_changed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Configure(o => (o.HandlerTime, o.MaxExecTime) = (TimeSpan.FromSeconds(1), TimeSpan.Zero)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Configure(o => o.CleanUpTime = TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Configure(o => o.RollbackTime = TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Configure(o => o.MaxAttempts = 0));
        RefusalOfSigkill.Of(() => Manager.Configure(o => o.Signals = [SIGKILL]));
        Assert.Throws<ArgumentNullException>(() => Manager.Configure(null!));
        Assert.Throws<ArgumentNullException>(() => Manager.RequestShutdown(null!));
        if (!OperatingSystem.IsWindows())
        {
            // Windows has codes of 32 bits.
            Assert.Throws<ArgumentOutOfRangeException>(() => Manager.RequestShutdown("too large", 256));
            Assert.Throws<ArgumentOutOfRangeException>(() => ExitStatusPolicy.Code(-1));
        }

        Assert.Equal((null, LongestExecTime, 3), (Manager.Settings.HandlerTime, Manager.Settings.MaxExecTime, _test.Hub.MaxAttempts));
        Assert.Empty(_test.Listeners);
    }

    [Fact]
    public void Normal_end_runs_the_handlers_and_nothing_else()
    {
        var lastWords = 0;
        List<ExitContext> contexts = [];
        Manager.Configure(o => o.BeforeTermination = () => lastWords++);
        var token = Manager.StoppingToken;
        Manager.Register(contexts.Add);
        Assert.Equal(new TestProcessEnd(null, 0, TestProcessEndCause.MainReturned), _test.ReturnFromMain(0));
        var context = Assert.Single(contexts);
        Assert.Equal((ExitCause.Normal, null, null), (context.Cause, context.Signal, context.Reason));
        Assert.Equal((0, true, ShutdownState.Ended), (lastWords, token.IsCancellationRequested, Manager.State));
    }

    [Fact]
    public void Unhandled_exception_runs_the_handlers()
    {
        List<ExitContext> contexts = [];
        Manager.Register(contexts.Add);
        var exception = new InvalidOperationException("nobody catches this");
        Assert.Equal(TestProcessEndCause.UnhandledException, _test.ThrowUnhandled(exception).Cause);
        var context = Assert.Single(contexts);
        Assert.Equal((ExitCause.UnhandledException, exception), (context.Cause, context.Exception));
    }

    [Fact]
    public async Task Unhandled_exception_during_the_roll_back_runs_the_handlers_once()
    {
        _ = Manager.StoppingToken;
        List<ExitContext> contexts = [];
        Manager.Register(contexts.Add);
        _test.Raise(SIGTERM);
        Assert.Equal(TestProcessEndCause.UnhandledException, _test.ThrowUnhandled(new InvalidOperationException("rolled back badly")).Cause);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Manager.Completion.WithLimit();
        Assert.Equal(ExitCause.UnhandledException, Assert.Single(contexts).Cause);
    }

    [Fact]
    public async Task Unhandled_shutdown_exception_is_no_failure()
    {
        using var block = Manager.Enter();
        _test.Raise(SIGTERM);
        var exception = Assert.Throws<ShutdownRequestedException>(() => block.AllowBreak());
        var ending = Task.Run(() => _test.ThrowUnhandled(new AggregateException(exception)), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => ending.WaitAsync(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new TestProcessEnd(SIGTERM, SIGTERM.GetExitCode(), TestProcessEndCause.Shutdown), await ending.WithLimit());
    }

    [Fact]
    public void Callback_of_the_token_that_hangs_or_throws_holds_up_nobody()
    {
        using var hang = new ManualResetEventSlim();
        Manager.StoppingToken.Register(() => hang.Wait(Patience.Limit));
        Manager.StoppingToken.Register(() => throw new InvalidOperationException("a callback failed"));
        _test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, _test.ReturnFromMain().Signal);
        Assert.Contains(Manager.Timeline.Entries, entry => entry is { Kind: TimelineEntryKind.Token, Name: "StoppingToken", Outcome: TimelineOutcome.Running });
        hang.Set();
    }

    [Fact]
    public async Task Last_words_that_throw_or_come_twice_do_no_harm()
    {
        var count = 0;
        Manager.Configure(o => o.BeforeTermination = () =>
        {
            count++;
            throw new InvalidOperationException("speechless");
        });
        _test.Raise(SIGINT);
        await _test.WaitForEndAsync();
        _test.Raise(SIGTERM);
        _test.Raise(SIGQUIT);
        Assert.Equal(1, count);
    }

    [Fact]
    public void Installed_hub_has_the_default_manager()
    {
        using var installed = TestSignals.Install();
        Assert.Same(installed.ShutdownManager, ShutdownManager.Default);
        Assert.NotSame(Manager, ShutdownManager.Default);
    }

    [Fact]
    public void Closed_hub_gives_the_manager_s_signals_back()
    {
        var test = new TestSignalHub();
        test.ShutdownManager.Register(() => { });
        Assert.NotEmpty(test.Listeners);
        test.Dispose();
        Assert.Empty(test.Listeners);
        Assert.Throws<ObjectDisposedException>(() => test.ShutdownManager.StoppingToken);
    }

    [Fact]
    public async Task Group_is_cancelled_with_the_manager_s_reason_and_its_children_are_timed()
    {
        var release = new TaskCompletionSource();
        var reason = default(CancelReason);
        var running = TaskGroup.RunAsync(async group =>
        {
            group.CancelOn(Manager);
            group.Start("slow", _ => release.Task);
            await group.StartAsync("quick", async (started, token) =>
            {
                started();
                await Task.Delay(Timeout.Infinite, token);
            });
            group.CancelScope.Token.Register(() => reason = group.Reason);
        });
        await Patience.UntilAsync(() => _test.IsListening(SIGTERM), "the group to listen");
        _test.Raise(SIGTERM);
        await Patience.UntilAsync(() => Manager.Pending.Any(entry => entry.Name == "slow"), "the child to be seen");
        _time.Advance(TimeSpan.FromSeconds(2));
        release.SetResult();
        await running.WithLimit();
        Assert.Equal(SIGTERM, Assert.IsType<SignalCancelReason>(reason).Signal);
        var slow = Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "slow");
        Assert.Equal((TimelineEntryKind.Child, TimeSpan.FromSeconds(2), TimelineOutcome.Done), (slow.Kind, slow.Duration, slow.Outcome));
        Assert.Equal(TimelineOutcome.Cancelled, Assert.Single(Manager.Timeline.Entries, entry => entry.Name == "quick").Outcome);
        Assert.Equal(SIGTERM, _test.ReturnFromMain().Signal);
    }

    [Fact]
    public async Task Scope_is_cancelled_with_the_manager_s_reason()
    {
        var running = CancelScope.RunAsync(async scope =>
        {
            scope.CancelOn(Manager);
            await Task.Delay(Timeout.Infinite, scope.Token);
        });
        await Patience.UntilAsync(() => _test.IsListening(SIGTERM), "the scope to listen");
        Manager.RequestShutdown("enough");
        var scope = await running.WithLimit();
        Assert.Equal((CancelReason)"enough", scope.Reason);
    }

    [Fact]
    public void Limits_keep_within_the_platform_s_budget()
    {
        var settings = ShutdownSettings.Defaults(new StopBudget(TimeSpan.FromSeconds(10), StopBudgetSource.ContainerDefault));
        Assert.Equal((OperatingSystem.IsWindows() ? LongestExecTime : Seconds(9.5), Seconds(10)), (settings.MaxExecTime, settings.CleanUpTime));
        Assert.Equal((Seconds(2.5), Seconds(5)), (settings.HandlerLimit(isRequested: true), settings.HandlerLimit(isRequested: false)));
        Assert.Equal(Seconds(5), settings.HandlerLimit(isRequested: true, isLast: true));
        Assert.Equal(Seconds(5), settings.RollbackLimit(isShort: false, Seconds(0)));
        Assert.Equal(Seconds(2.65), settings.RollbackLimit(isShort: false, Seconds(7)));
        Assert.Equal(Seconds(0.15), settings.RollbackLimit(isShort: true, Seconds(9.5)));
        Assert.Equal(Seconds(0.15), settings.CleanUpLimit(Seconds(9.65)));
        Assert.Equal(Seconds(0.15), settings.LastWordsLimit(Seconds(9.8)));
        Assert.Equal(Seconds(0.05), settings.ExitLimit(Seconds(9.95)));
        Assert.Equal(Seconds(0.05), settings.ExitLimit(Seconds(70)));
    }

    [Fact]
    public void Stop_of_a_windows_service_knows_no_budget_but_one_that_was_set()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "There are no service controls elsewhere.");
        var settings = ShutdownSettings.Defaults(new StopBudget(Seconds(5), StopBudgetSource.Windows)).With(new ShutdownOptions { HandlerTime = Seconds(3) });
        var stop = settings.For(Reason(SIGTERM, SignalOriginKind.Service));
        Assert.Equal((null, Seconds(60), Seconds(3)), (stop.Budget.Time, stop.CleanUpTime, stop.HandlerTime));
        Assert.Equal(Seconds(30), stop.RollbackLimit(isShort: false, Seconds(70)));
        Assert.Same(settings, settings.For(Reason(CTRL_SHUTDOWN_EVENT, SignalOriginKind.Service)));
        Assert.Same(settings, settings.For(Reason(SIGTERM, SignalOriginKind.Window)));
        var set = ShutdownSettings.Defaults(new StopBudget(Seconds(5), StopBudgetSource.EnvironmentVariable));
        Assert.Same(set, set.For(Reason(SIGTERM, SignalOriginKind.Service)));
        Assert.NotSame(settings, settings.With(new ShutdownOptions { Signals = [CTRL_SHUTDOWN_EVENT] }).For(Reason(SIGTERM, SignalOriginKind.Service)));
        foreach (ShutdownSignal[] signals in (ShutdownSignal[][])[[SIGINT], [SIGTERM, CTRL_SHUTDOWN_EVENT]])
        {
            // Then the end of the system has the name SIGTERM too.
            var others = settings.With(new ShutdownOptions { Signals = signals });
            Assert.Same(others, others.For(Reason(SIGTERM, SignalOriginKind.Service)));
        }

        static SignalCancelReason Reason(ShutdownSignal signal, SignalOriginKind origin) => new(new SignalDelivery { Signal = signal, Origin = new SignalOrigin { Kind = origin } });
    }

    [Fact]
    public void Limits_without_a_budget_are_those_of_the_page()
    {
        var settings = ShutdownSettings.Defaults(new StopBudget(null, StopBudgetSource.Unknown));
        Assert.Equal((LongestExecTime, Seconds(60), Seconds(5)), (settings.MaxExecTime, settings.CleanUpTime, settings.HandlerLimit(isRequested: true)));
        Assert.Equal((Seconds(30), Seconds(5)), (settings.RollbackLimit(isShort: false, Seconds(70)), settings.RollbackLimit(isShort: true, Seconds(70))));
        Assert.Equal((Seconds(1), Seconds(5)), (settings.LastWordsLimit(Seconds(70)), settings.ExitLimit(Seconds(70))));
    }

    // What the platform waits where nobody says how long, less half a second.
    private static TimeSpan LongestExecTime => Seconds(OperatingSystem.IsWindows() ? 4.5 : 89.5);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
