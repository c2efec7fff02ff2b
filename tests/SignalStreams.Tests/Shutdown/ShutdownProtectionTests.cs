namespace SignalStreams.Tests.Shutdown;

public sealed class ShutdownProtectionTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestSignalHub _test;

    public ShutdownProtectionTests() => _test = new TestSignalHub(_time);

    private ShutdownManager Manager => _test.ShutdownManager;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Signal_in_a_block_is_noted_and_stops_the_process_after_it()
    {
        var stopping = Manager.StoppingToken;
        using (var block = Manager.Enter())
        {
            _test.Raise(SIGTERM);
            Assert.True(block.IsShutdownPending);
            Assert.Equal((ShutdownState.Requested, false, false), (Manager.State, stopping.IsCancellationRequested, block.Token.IsCancellationRequested));
            Assert.Equal(nameof(Signal_in_a_block_is_noted_and_stops_the_process_after_it), Assert.Single(Manager.Pending).Name);
        }

        SpinWait.SpinUntil(() => stopping.IsCancellationRequested, Patience.Limit);
        Assert.Equal(ShutdownState.Stopping, Manager.State);
        Assert.Equal(SIGTERM, _test.ReturnFromMain().Signal);
    }

    [Fact]
    public void Break_is_allowed_only_where_the_block_says_so()
    {
        using var block = Manager.Enter();
        block.AllowBreak();
        _test.Raise(SIGINT);
        var thrown = Assert.Throws<ShutdownRequestedException>(() => block.AllowBreak());
        Assert.Equal((ShutdownKind.Interrupt, SIGINT), (thrown.Kind, thrown.Signal));
        Assert.Equal(Manager.StoppingToken, thrown.CancellationToken);
        Assert.True(thrown.CancellationToken.IsCancellationRequested);
        Assert.Equal(ShutdownState.Stopping, Manager.State);
    }

    [Fact]
    public void Second_signal_makes_it_a_terminate()
    {
        using var block = Manager.Enter();
        _test.Raise(SIGINT);
        _test.Raise(SIGTERM);
        Assert.Equal(ShutdownKind.Terminate, Assert.Throws<ShutdownRequestedException>(() => block.AllowBreak()).Kind);
    }

    [Fact]
    public void Third_signal_ends_the_process_inside_the_block()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP and SIGQUIT are not among the signals that end a process there.");
        using var block = Manager.Enter();
        _test.Raise(SIGINT);
        _test.Raise(SIGTERM);
        _test.Raise(SIGQUIT);
        Assert.Equal((SIGQUIT, TestProcessEndCause.TooManyAttempts), (_test.Ended?.Signal, _test.Ended?.Cause));
    }

    [Fact]
    public async Task Deadline_cancels_the_block_s_token_then_the_end_comes_after_the_roll_back_time()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        Manager.Register(() => { });
        var token = block.Token;
        _time.Advance(TimeSpan.FromSeconds(1));
        _test.Raise(SIGTERM);
        Assert.Equal(TimeSpan.FromSeconds(3), Manager.TimeRemaining);
        _time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromTicks(1));
        await Patience.UntilAsync(() => token.IsCancellationRequested && Manager.StoppingToken.IsCancellationRequested, "the tokens");
        Assert.Equal(TimeSpan.FromSeconds(5), Manager.TimeRemaining);
        Assert.Null(_test.Ended);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((SIGTERM, TestProcessEndCause.Shutdown), ((await _test.WaitForEndAsync()).Signal, _test.Ended!.Cause));
        var entry = Assert.Single(Manager.Timeline.Entries, entry => entry.Kind == TimelineEntryKind.Block);
        Assert.Equal((TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(8), TimelineOutcome.Running), (entry.Start, entry.Duration, entry.Outcome));
        Assert.Contains(entry, Manager.Timeline.Culprits);
    }

    [Fact]
    public void Token_that_is_asked_for_after_the_deadline_is_cancelled()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        _test.Raise(SIGTERM);
        _time.Advance(TimeSpan.FromSeconds(4));
        SpinWait.SpinUntil(() => Manager.State == ShutdownState.Stopping, Patience.Limit);
        Assert.True(block.Token.IsCancellationRequested);
    }

    [Fact]
    public void Block_that_keeps_renewing_is_never_cut_off()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        _test.Raise(SIGTERM);
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(3.9));
            block.Renew();
        }

        Assert.Equal((ShutdownState.Requested, TimeSpan.FromSeconds(4)), (Manager.State, Manager.TimeRemaining));
        block.Renew(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), Manager.TimeRemaining);
        block.Renew(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        SpinWait.SpinUntil(() => block.Token.IsCancellationRequested, Patience.Limit);
        Assert.True(block.Token.IsCancellationRequested);
    }

    [Fact]
    public void Allowing_a_break_renews_unless_told_otherwise()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(3));
        block.AllowBreak(renew: false);
        _test.Raise(SIGTERM);
        Assert.Equal(TimeSpan.FromSeconds(1), Manager.TimeRemaining);
    }

    [Fact]
    public void Deadline_of_the_process_is_the_latest_over_all_blocks()
    {
        using var first = Manager.Enter(TimeSpan.FromSeconds(4));
        using var second = Manager.Enter(TimeSpan.FromSeconds(9));
        using var third = Manager.Enter(TimeSpan.FromSeconds(7));
        _test.Raise(SIGTERM);
        Assert.Equal(TimeSpan.FromSeconds(9), Manager.TimeRemaining);
        second.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(7), Manager.TimeRemaining);
    }

    [Fact]
    public void Break_in_one_of_several_leaves_that_one_and_the_last_one_stops_the_process()
    {
        using var outer = Manager.Enter();
        using var inner = Manager.Enter();
        _test.Raise(SIGTERM);
        Assert.Throws<ShutdownRequestedException>(() => inner.AllowBreak());
        Assert.Equal(ShutdownState.Requested, Manager.State);
        Assert.Throws<ShutdownRequestedException>(() => outer.AllowBreak());
        Assert.Equal(ShutdownState.Stopping, Manager.State);
    }

    [Fact]
    public async Task Body_of_one_of_several_that_breaks_returns_quietly_and_the_last_throws()
    {
        await Assert.ThrowsAsync<ShutdownRequestedException>(() => Manager.RunProtectedAsync(async _ =>
        {
            await Manager.RunProtectedAsync(inner =>
            {
                _test.Raise(SIGTERM);
                inner.AllowBreak();
                return Task.FromException(new InvalidOperationException("unreachable"));
            });
            Assert.Equal(ShutdownState.Requested, Manager.State);
        }));
    }

    [Fact]
    public async Task Body_that_ends_while_a_shutdown_is_pending_throws_what_a_using_cannot()
    {
        var thrown = await Assert.ThrowsAsync<ShutdownRequestedException>(() => Manager.RunProtectedAsync(_ =>
        {
            _test.Raise(SIGTERM);
            return Task.CompletedTask;
        }));
        Assert.Equal(SIGTERM, thrown.Signal);
        Assert.Throws<ShutdownImminentException>(() => Manager.RunProtected(_ => { }));
    }

    [Fact]
    public async Task Body_that_ends_for_its_token_throws_with_the_stopping_token()
    {
        var running = Manager.RunProtectedAsync(block => Task.Delay(Timeout.Infinite, block.Token), TimeSpan.FromSeconds(4));
        _test.Raise(SIGTERM);
        _time.Advance(TimeSpan.FromSeconds(4));
        var thrown = await Assert.ThrowsAsync<ShutdownRequestedException>(() => running.WithLimit());
        Assert.Equal(Manager.StoppingToken, thrown.CancellationToken);
        Assert.IsType<TaskCanceledException>(thrown.InnerException);
    }

    [Fact]
    public async Task Error_of_the_body_is_not_lost_to_the_shutdown()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Manager.RunProtectedAsync(_ =>
        {
            _test.Raise(SIGTERM);
            throw new InvalidDataException();
        }));
        Assert.NotEqual(ShutdownState.Running, Manager.State);
    }

    [Fact]
    public async Task Cancellation_of_the_body_s_own_before_any_shutdown_is_passed_on()
    {
        await Assert.ThrowsAsync<TaskCanceledException>(() => Manager.RunProtectedAsync(_ => Task.FromCanceled(new CancellationToken(true))));
        Assert.Empty(Manager.Pending);
    }

    [Fact]
    public void Entering_while_a_shutdown_is_pending_is_refused_unless_it_belongs_to_the_end()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        _test.Raise(SIGTERM);
        var refused = Assert.Throws<ShutdownImminentException>(() => Manager.Enter());
        Assert.Equal(ShutdownState.Requested, refused.State);
        Assert.Contains("SIGTERM from test", refused.Message, StringComparison.Ordinal);
        using (Manager.Enter(TimeSpan.FromSeconds(40), runAtExit: true))
        {
            Assert.Equal(TimeSpan.FromSeconds(40), Manager.TimeRemaining);
        }
    }

    [Fact]
    public async Task Handler_that_enters_a_block_is_waited_for()
    {
        var log = new List<string>();
        Manager.Register(() =>
        {
            using var block = Manager.Enter(runAtExit: true);
            log.Add("saved");
        });
        Manager.Register(() => Manager.RunProtectedAsync(
            async block =>
            {
                await Task.Yield();
                log.Add("sent");
                block.AllowBreak();
                log.Add("never");
            },
            runAtExit: true));
        _test.Raise(SIGTERM);
        await _test.WaitForEndAsync();
        Assert.Equal(["sent", "saved"], log);
        Assert.DoesNotContain(Manager.Timeline.Entries, entry => entry.Outcome == TimelineOutcome.Failed);
    }

    [Fact]
    public void Protection_can_be_left_and_taken_up_again()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        block.Unprotect();
        block.Unprotect();
        Assert.Throws<InvalidOperationException>(() => block.Renew());
        Assert.Throws<InvalidOperationException>(() => block.AllowBreak());
        block.AllowBreak(renew: false);
        _time.Advance(TimeSpan.FromSeconds(3));
        block.Protect();
        block.Protect();
        _test.Raise(SIGTERM);
        Assert.Equal((ShutdownState.Requested, TimeSpan.FromSeconds(4)), (Manager.State, Manager.TimeRemaining));
        block.Unprotect();
        Assert.Throws<ShutdownImminentException>(() => block.Protect());
    }

    [Fact]
    public async Task Blocks_that_were_left_and_taken_up_again_end_with_the_exception_that_nobody_catches()
    {
        using var first = Manager.Enter();
        using var second = Manager.Enter();
        first.Unprotect();
        first.Protect();
        _test.Raise(SIGTERM);
        var thrown = Assert.Throws<ShutdownRequestedException>(() => second.AllowBreak());
        var ending = Task.Run(() => _test.ThrowUnhandled(thrown), TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => Manager.State == ShutdownState.Stopping, "both blocks to end");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SIGTERM, (await ending.WithLimit()).Signal);
    }

    [Fact]
    public async Task Crash_in_a_block_of_the_end_does_not_wait_for_it()
    {
        using var block = Manager.Enter(runAtExit: true);
        var crash = Task.Run(() => _test.ThrowUnhandled(new InvalidDataException()), TestContext.Current.CancellationToken);
        Assert.Equal(TestProcessEndCause.UnhandledException, (await crash.WithLimit()).Cause);
    }

    [Fact]
    public void Bad_limit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Manager.Enter(TimeSpan.Zero));
        using var block = Manager.Enter(Timeout.InfiniteTimeSpan);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Renew(TimeSpan.FromSeconds(-3)));
        _test.Raise(SIGTERM);
        Assert.Equal(Timeout.InfiniteTimeSpan, Manager.TimeRemaining);
    }

    [Fact]
    public async Task Main_that_returns_waits_for_the_block_of_a_worker()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var log = new List<string>();
        var worker = new Thread(() =>
        {
            using var block = Manager.Enter();
            entered.Set();
            release.Wait(Patience.Limit);
            log.Add("the item is done");
        });
        worker.Start();
        entered.Wait(Patience.Limit, TestContext.Current.CancellationToken);
        Manager.Register(() => log.Add("handler"));
        _test.Raise(SIGTERM);
        var ending = Task.Run(() => _test.ReturnFromMain(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => ending.WaitAsync(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        release.Set();
        Assert.Equal(SIGTERM, (await ending.WithLimit()).Signal);
        Assert.Equal(["the item is done", "handler"], log);
    }

    [Fact]
    public async Task Exit_in_the_middle_of_the_own_block_waits_for_its_deadline()
    {
        using var block = Manager.Enter(TimeSpan.FromSeconds(4));
        _test.Raise(SIGTERM);
        var ending = Task.Run(() => _test.ReturnFromMain(3), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => ending.WaitAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromSeconds(4));
        await Patience.UntilAsync(() => Manager.State == ShutdownState.Stopping, "the deadline");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((null, 3), ((await ending.WithLimit()).Signal, _test.Ended!.ExitCode));
    }

    [Fact]
    public async Task No_scope_swallows_the_way_out_of_a_block()
    {
        using var block = Manager.Enter();
        _test.Raise(SIGTERM);
        await Assert.ThrowsAsync<ShutdownRequestedException>(() => CancelScope.RunAsync(scope =>
        {
            scope.Cancel();
            block.AllowBreak();
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task Task_group_gives_out_the_way_out_of_a_block()
    {
        using var block = Manager.Enter();
        _test.Raise(SIGTERM);
        await Assert.ThrowsAsync<ShutdownRequestedException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start("worker", _ =>
            {
                block.AllowBreak();
                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task Static_members_are_those_of_the_default_manager()
    {
        using var installed = TestSignals.Install(_time);
        using (var block = ShutdownProtection.Enter())
        {
            Assert.Equal(block.Name, Assert.Single(ShutdownManager.Default.Pending).Name);
        }

        var ran = 0;
        await ShutdownProtection.RunAsync(_ => Task.FromResult(ran++));
        ShutdownProtection.Run(_ => ran++);
        Assert.Equal(2, ran);
        Assert.Empty(ShutdownManager.Default.Pending);
    }
}
