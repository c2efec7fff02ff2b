namespace SignalStreams.Tests.Scopes;

/// <summary>Deadlines of scopes, and the two ways to give up.</summary>
public sealed class TimeoutTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Deadline_cancels_the_body_and_the_caller_goes_on()
    {
        var run = CancelScope.RunAsync(Options(Second), scope => Forever.WaitAsync(scope.Token));
        _time.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.False(run.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var scope = await run.WithLimit();
        Assert.True(scope.CancelCalled);
        Assert.True(scope.CancelledCaught);
        Assert.IsType<DeadlineCancelReason>(scope.Reason);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task MoveOnAfter_moves_on()
    {
        var scope = await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(1), scope => Forever.WaitAsync(scope.Token)).WithLimit();
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task MoveOnAfter_nothing_has_no_limit()
    {
        var scope = await CancelScope.MoveOnAfterAsync(null, scope =>
        {
            Assert.Equal(Deadline.Never, scope.Deadline);
            return Task.CompletedTask;
        });
        Assert.False(scope.CancelCalled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task No_time_at_all_cancels_before_the_body_begins(int seconds)
    {
        var isCancelled = false;
        await CancelScope.RunAsync(Options(TimeSpan.FromSeconds(seconds)), scope =>
        {
            isCancelled = scope.Token.IsCancellationRequested;
            return Task.CompletedTask;
        });
        Assert.True(isCancelled);
    }

    [Fact]
    public async Task FailAfter_fails_when_the_deadline_was_the_cause()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => CancelScope.FailAfterAsync(TimeSpan.FromMilliseconds(1), scope => Forever.WaitAsync(scope.Token)).WithLimit());
        await Assert.ThrowsAsync<TimeoutException>(() => CancelScope.FailAfterAsync(TimeSpan.FromMilliseconds(1), async scope =>
        {
            await Forever.WaitAsync(scope.Token);
            return 1;
        }).WithLimit());
        await CancelScope.RunAsync(outer => Assert.ThrowsAsync<TimeoutException>(() => outer.FailAfterAsync(TimeSpan.FromMilliseconds(1), scope => Forever.WaitAsync(scope.Token)).WithLimit()));
    }

    [Fact]
    public async Task FailAfter_gives_the_result_of_a_body_in_time()
    {
        Assert.Equal(5, await CancelScope.FailAfterAsync(Patience.Limit, _ => Task.FromResult(5)));
        await CancelScope.RunAsync(async outer => Assert.Equal(6, await outer.FailAfterAsync(Patience.Limit, _ => Task.FromResult(6))));
    }

    [Fact]
    public async Task Explicit_cancellation_before_the_deadline_is_no_timeout_however_late_the_body_ends()
    {
        var scope = await CancelScope.FailAfterAsync(TimeSpan.FromMilliseconds(50), async scope =>
        {
            scope.Cancel("enough");
            var deadline = scope.Deadline;
            await Patience.UntilAsync(() => deadline.HasPassed(), "the deadline to pass");
            await Forever.WaitAsync(scope.Token);
        }).WithLimit();
        Assert.True(scope.CancelledCaught);
        Assert.Equal(new TextCancelReason("enough"), scope.Reason);
    }

    [Fact]
    public async Task Result_that_an_explicit_cancellation_prevented_is_a_cancellation()
    {
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CancelScope.FailAfterAsync(Patience.Limit, async scope =>
        {
            scope.Cancel("no need any more");
            await Forever.WaitAsync(scope.Token);
            return 1;
        }));
        Assert.Contains("no need any more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_ends_in_spite_of_the_deadline_is_no_timeout()
    {
        var scope = await CancelScope.FailAfterAsync(TimeSpan.Zero, _ => Task.CompletedTask);
        Assert.True(scope.CancelCalled);
        Assert.False(scope.CancelledCaught);
    }

    [Fact]
    public async Task Clock_starts_when_the_scope_is_entered()
    {
        var options = Options(Second);
        _time.Advance(Second * 5);
        var run = CancelScope.RunAsync(options, scope => Forever.WaitAsync(scope.Token));
        Assert.False(run.IsCompleted);
        _time.Advance(Second);
        await run.WithLimit();
    }

    [Fact]
    public async Task Deadline_that_is_set_in_flight_counts()
    {
        CancelScope? scope = null;
        var run = CancelScope.RunAsync(Options(Second), body =>
        {
            scope = body;
            return Forever.WaitAsync(body.Token);
        });
        scope!.Deadline = Deadline.After(Second * 10, _time);
        _time.Advance(Second * 5);
        Assert.False(scope.CancelCalled);
        scope.Deadline = Deadline.Never;
        _time.Advance(Second * 50);
        Assert.False(scope.CancelCalled);
        scope.Deadline = Deadline.After(Second, _time);
        _time.Advance(Second);
        Assert.True((await run.WithLimit()).CancelledCaught);
    }

    [Fact]
    public async Task Deadline_that_has_passed_cancels_at_once()
    {
        var scope = await CancelScope.RunAsync(async scope =>
        {
            scope.Deadline = Deadline.Passed;
            Assert.True(scope.Token.IsCancellationRequested);
            await Forever.WaitAsync(scope.Token);
        }).WithLimit();
        Assert.IsType<DeadlineCancelReason>(scope.Reason);
    }

    [Fact]
    public async Task Deadline_of_the_outer_scope_is_no_timeout_of_the_inner_one()
    {
        var outer = await CancelScope.RunAsync(Options(TimeSpan.Zero), outer =>
            outer.FailAfterAsync(Patience.Limit, inner => Forever.WaitAsync(inner.Token))).WithLimit();
        Assert.True(outer.CancelledCaught);
    }

    [Fact]
    public async Task Effective_deadline_is_the_earliest_up_to_the_nearest_shield()
    {
        await CancelScope.RunAsync(Options(Second), outer => outer.RunAsync(Options(Second * 5), async middle =>
        {
            Assert.Equal(outer.Deadline, middle.EffectiveDeadline);
            await middle.RunAsync(async inner =>
            {
                Assert.Equal(outer.Deadline, inner.EffectiveDeadline);
                middle.Shield = true;
                Assert.Equal(middle.Deadline, inner.EffectiveDeadline);
                inner.Shield = true;
                Assert.Equal(Deadline.Never, inner.EffectiveDeadline);
                inner.Shield = middle.Shield = false;
                inner.Deadline = Deadline.After(TimeSpan.FromMilliseconds(1), _time);
                Assert.Equal(inner.Deadline, inner.EffectiveDeadline);
                outer.Cancel();
                Assert.Equal(Deadline.Passed, inner.EffectiveDeadline);
                await Task.CompletedTask;
            });
        }));
    }

    [Fact]
    public async Task Deadline_further_off_than_any_timer_is_waited_for_in_pieces()
    {
        var run = CancelScope.RunAsync(Options(TimeSpan.FromDays(100)), scope => Forever.WaitAsync(scope.Token));
        _time.Advance(TimeSpan.FromDays(60));
        Assert.False(run.IsCompleted);
        Assert.Equal(1, _time.Timers);
        _time.Advance(TimeSpan.FromDays(40));
        await run.WithLimit();
    }

    private CancelScopeOptions Options(TimeSpan timeout) => new() { Timeout = timeout, TimeProvider = _time };

    [Fact]
    public async Task Deadline_that_passes_after_an_explicit_cancellation_sets_no_timer_again()
    {
        var end = new TaskCompletionSource();
        CancelScope? scope = null;
        var run = CancelScope.RunAsync(Options(Second), body =>
        {
            scope = body;
            body.Cancel("enough");
            return end.Task;
        });
        _time.Advance(Second * 5);
        Assert.Equal(0, _time.Timers);
        scope!.Deadline = Deadline.Passed;
        Assert.Equal(0, _time.Timers);
        end.SetResult();
        Assert.Equal(new TextCancelReason("enough"), (await run.WithLimit()).Reason);
    }

    [Fact]
    public async Task MoveOnAfter_and_FailAfter_go_by_the_clock_that_they_are_given()
    {
        var moved = CancelScope.MoveOnAfterAsync(Second, _time, scope => Forever.WaitAsync(scope.Token));
        var failed = CancelScope.FailAfterAsync(Second, _time, scope => scope.MoveOnAfterAsync(2 * Second, inner => Forever.WaitAsync(inner.Token)));
        var withResult = CancelScope.FailAfterAsync(Second, _time, async scope =>
        {
            await Forever.WaitAsync(scope.Token);
            return 1;
        });
        _time.Advance(Second);
        Assert.True((await moved.WithLimit()).CancelledCaught);
        await Assert.ThrowsAsync<TimeoutException>(() => failed.WithLimit());
        await Assert.ThrowsAsync<TimeoutException>(() => withResult.WithLimit());
        Assert.Equal(0, _time.Timers);
        Assert.Throws<ArgumentNullException>(() => { _ = CancelScope.MoveOnAfterAsync(Second, null!, _ => Task.CompletedTask); });
    }

    [Fact]
    public async Task FailAfter_without_a_limit_fails_at_a_deadline_that_is_set_in_flight()
    {
        var run = CancelScope.FailAfterAsync(null, _time, async scope =>
        {
            scope.Deadline = Deadline.After(Second, _time);
            await Forever.WaitAsync(scope.Token);
        });
        _time.Advance(Second);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => run.WithLimit());
        Assert.Contains("by its deadline", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Effective_deadline_counts_the_grace_period_also_before_the_scope_was_told()
    {
        await CancelScope.RunAsync(new CancelScopeOptions { TimeProvider = _time }, outer =>
            outer.RunAsync(new CancelScopeOptions { GracePeriod = Second }, inner =>
            {
                // Registered last, and so called first.
                var seen = Deadline.Never;
                using var registration = outer.Token.Register(() => seen = inner.EffectiveDeadline);
                outer.Cancel();
                Assert.Equal(Deadline.After(Second, _time), seen);
                return Task.CompletedTask;
            }));
    }
}
