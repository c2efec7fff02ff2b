namespace SignalStreams.Tests.Scopes;

/// <summary>What keeps cancellation from outside out of a scope: for good, or for a while.</summary>
public sealed class ShieldTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CancelScopeOptions Shielded = new() { Shield = true };

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Shield_keeps_outer_cancellation_out()
    {
        var cleaned = false;
        var outer = await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel();
            var inner = await outer.RunAsync(Shielded, async inner =>
            {
                Assert.False(inner.Token.IsCancellationRequested);
                await Task.Yield();
                cleaned = true;
            });
            Assert.Null(inner.Reason);
            await Forever.WaitAsync(outer.Token);
        }).WithLimit();
        Assert.True(cleaned);
        Assert.True(outer.CancelledCaught);
    }

    [Fact]
    public async Task Shield_keeps_the_token_of_the_caller_out()
    {
        var scope = await CancelScope.RunAsync(Shielded, scope =>
        {
            Assert.False(scope.Token.IsCancellationRequested);
            return Task.CompletedTask;
        }, new CancellationToken(canceled: true));
        Assert.Null(scope.Reason);
    }

    [Fact]
    public async Task Shielded_scope_can_be_cancelled_itself_and_catches_it_though_the_outer_one_is_cancelled()
    {
        await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel();
            var inner = await outer.RunAsync(Shielded, async inner =>
            {
                inner.Cancel("own");
                await Forever.WaitAsync(inner.Token);
            });
            Assert.True(inner.CancelledCaught);
        }).WithLimit();
    }

    [Fact]
    public async Task Deadline_of_a_shielded_scope_works()
    {
        var run = CancelScope.RunAsync(new CancelScopeOptions { Shield = true, Timeout = Second, TimeProvider = _time }, scope => Forever.WaitAsync(scope.Token));
        _time.Advance(Second);
        Assert.True((await run.WithLimit()).CancelledCaught);
    }

    [Fact]
    public async Task What_was_kept_out_arrives_when_the_shield_is_switched_off()
    {
        var outer = await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel("outer");
            await outer.RunAsync(Shielded, async inner =>
            {
                Assert.False(inner.Token.IsCancellationRequested);
                inner.Shield = false;
                Assert.True(inner.Token.IsCancellationRequested);
                await Forever.WaitAsync(inner.Token);
            });
            Assert.Fail("Not caught by the inner scope.");
        }).WithLimit();
        Assert.True(outer.CancelledCaught);
    }

    [Fact]
    public async Task Shield_that_is_switched_on_in_flight_keeps_out_what_comes_later()
    {
        await CancelScope.RunAsync(outer => outer.RunAsync(inner =>
        {
            inner.Shield = true;
            outer.Cancel();
            Assert.False(inner.Token.IsCancellationRequested);
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task Scopes_inside_a_shielded_one_are_shielded_too()
    {
        await CancelScope.RunAsync(outer => outer.RunAsync(Shielded, middle => middle.RunAsync(inner =>
        {
            outer.Cancel();
            Assert.False(inner.Token.IsCancellationRequested);
            middle.Shield = false;
            Assert.True(inner.Token.IsCancellationRequested);
            return Task.CompletedTask;
        })));
    }

    [Fact]
    public async Task Grace_period_lets_the_body_go_on_for_that_long_and_then_cancels_it()
    {
        CancelScope? inner = null;
        CancelScope? outer = null;
        var run = CancelScope.RunAsync(new CancelScopeOptions { TimeProvider = _time }, async scope =>
        {
            outer = scope;
            await scope.RunAsync(Grace(Second * 5), async body =>
            {
                inner = body;
                await Forever.WaitAsync(body.Token);
            });
        });
        outer!.Cancel("outer");
        _time.Advance(Second * 4.9);
        Assert.False(inner!.Token.IsCancellationRequested);
        Assert.Null(inner.Reason);
        _time.Advance(Second * 0.1);
        Assert.True(inner.Token.IsCancellationRequested);
        Assert.IsType<OuterScopeCancelReason>(inner.Reason);
        Assert.True((await run.WithLimit()).CancelledCaught);
        Assert.False(inner.CancelledCaught);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Body_that_ends_within_its_grace_period_was_not_cancelled()
    {
        using var caller = new CancellationTokenSource();
        var end = new TaskCompletionSource();
        var run = CancelScope.RunAsync(Grace(Second), _ => end.Task, caller.Token);
        await caller.CancelAsync();
        end.SetResult();
        Assert.Null((await run.WithLimit()).Reason);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Own_cancellation_does_not_wait_for_the_grace_period()
    {
        var scope = await CancelScope.RunAsync(Grace(Second), async scope =>
        {
            scope.Cancel();
            await Forever.WaitAsync(scope.Token);
        }).WithLimit();
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task Grace_period_that_is_changed_in_flight_counts_from_its_beginning()
    {
        using var caller = new CancellationTokenSource();
        CancelScope? scope = null;
        var run = CancelScope.RunAsync(Grace(Second * 10), body =>
        {
            scope = body;
            return Forever.WaitAsync(body.Token);
        }, caller.Token);
        await caller.CancelAsync();
        _time.Advance(Second * 3);
        scope!.GracePeriod = Timeout.InfiniteTimeSpan;
        _time.Advance(Second * 100);
        Assert.False(scope.Token.IsCancellationRequested);
        scope.GracePeriod = Second * 200;
        _time.Advance(Second * 96);
        Assert.False(scope.Token.IsCancellationRequested);
        _time.Advance(Second);
        Assert.True(scope.Token.IsCancellationRequested);
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithLimit());
        Assert.Equal(caller.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Grace_period_of_zero_in_flight_ends_it()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        await CancelScope.RunAsync(Grace(Timeout.InfiniteTimeSpan), scope =>
        {
            Assert.False(scope.Token.IsCancellationRequested);
            scope.GracePeriod = TimeSpan.Zero;
            Assert.True(scope.Token.IsCancellationRequested);
            return Task.CompletedTask;
        }, caller.Token);
    }

    private CancelScopeOptions Grace(TimeSpan period) => new() { GracePeriod = period, TimeProvider = _time };

    [Fact]
    public async Task Grace_period_that_is_over_sets_no_timer_again()
    {
        using var caller = new CancellationTokenSource();
        var end = new TaskCompletionSource();
        var run = CancelScope.RunAsync(Grace(Second), _ => end.Task, caller.Token);
        await caller.CancelAsync();
        _time.Advance(Second * 2);
        Assert.Equal(0, _time.Timers);
        end.SetResult();
        await run.WithLimit();
    }

    [Fact]
    public async Task Grace_period_that_is_given_under_a_shield_ends()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        await CancelScope.RunAsync(new CancelScopeOptions { Shield = true, TimeProvider = _time }, scope =>
        {
            scope.GracePeriod = Second;
            scope.Shield = false;
            Assert.False(scope.Token.IsCancellationRequested);
            _time.Advance(Second);
            Assert.True(scope.Token.IsCancellationRequested);
            return Task.CompletedTask;
        }, caller.Token);
    }

    [Fact]
    public async Task Effective_deadline_counts_the_grace_period_in()
    {
        await CancelScope.RunAsync(new CancelScopeOptions { Timeout = Second, TimeProvider = _time }, outer => outer.RunAsync(Grace(Second * 5), inner =>
        {
            Assert.Equal(Deadline.After(Second * 6, _time), inner.EffectiveDeadline);
            outer.Cancel();
            Assert.Equal(Deadline.After(Second * 5, _time), inner.EffectiveDeadline);
            _time.Advance(Second * 2);
            Assert.Equal(Deadline.After(Second * 3, _time), inner.EffectiveDeadline);
            inner.GracePeriod = Timeout.InfiniteTimeSpan;
            Assert.Equal(Deadline.Never, inner.EffectiveDeadline);
            return Task.CompletedTask;
        }));
    }
}
