namespace SignalStreams.Tests.Scopes;

public sealed class CancelScopeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Body_that_ends_by_itself_leaves_a_scope_that_was_not_cancelled()
    {
        var scope = await CancelScope.RunAsync(_ => Task.CompletedTask);
        Assert.False(scope.CancelCalled);
        Assert.False(scope.CancelledCaught);
        Assert.Null(scope.Reason);
        Assert.Equal(Deadline.Never, scope.EffectiveDeadline);
    }

    [Fact]
    public async Task Own_cancellation_ends_at_the_scope()
    {
        var scope = await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("enough");
            await Forever.WaitAsync(scope.Token);
        }).WithLimit();
        Assert.True(scope.CancelCalled);
        Assert.True(scope.CancelledCaught);
        Assert.Equal(new TextCancelReason("enough"), scope.Reason);
        Assert.Equal("enough", scope.Reason!.ToString());
        Assert.Equal(Deadline.Passed, scope.EffectiveDeadline);
    }

    [Fact]
    public async Task Body_that_never_waits_is_cancelled_but_not_caught()
    {
        var scope = await CancelScope.RunAsync(scope =>
        {
            scope.Cancel();
            return Task.CompletedTask;
        });
        Assert.True(scope.CancelCalled);
        Assert.False(scope.CancelledCaught);
        Assert.NotNull(scope.Reason);
    }

    [Fact]
    public async Task Every_wait_of_a_cancelled_scope_throws()
    {
        var thrown = 0;
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            for (var i = 0; i < 3; i++)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(scope.Token));
                thrown++;
            }
        }).WithLimit();
        Assert.Equal(3, thrown);
    }

    [Fact]
    public async Task First_reason_wins()
    {
        var scope = await CancelScope.RunAsync(scope =>
        {
            scope.Cancel("first");
            scope.Cancel("second");
            scope.Deadline = Deadline.Passed;
            return Task.CompletedTask;
        });
        Assert.Equal(new TextCancelReason("first"), scope.Reason);
    }

    [Fact]
    public async Task Cancelling_a_scope_that_has_ended_does_nothing()
    {
        var scope = await CancelScope.RunAsync(_ => Task.CompletedTask);
        scope.Cancel("late");
        scope.Deadline = Deadline.Passed;
        Assert.False(scope.CancelCalled);
        Assert.Null(scope.Reason);
        Assert.False(scope.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Scope_inside_one_that_has_ended_is_refused_and_others_go_on_working()
    {
        var ended = await CancelScope.RunAsync(_ => Task.CompletedTask);
        await CancelScope.RunAsync(async living =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => ended.RunAsync(_ => Task.CompletedTask));
            await Assert.ThrowsAsync<InvalidOperationException>(() => ended.RunTaskGroupAsync(_ => Task.CompletedTask));
            var inner = await living.RunAsync(async scope =>
            {
                scope.Cancel();
                await Forever.WaitAsync(scope.Token);
            }).WithLimit();
            Assert.True(inner.CancelledCaught);
        });
    }

    [Fact]
    public async Task Cancelled_token_of_the_caller_comes_out_with_that_token()
    {
        using var caller = new CancellationTokenSource();
        CancelScope? inside = null;
        var run = CancelScope.RunAsync(async scope =>
        {
            inside = scope;
            await Forever.WaitAsync(scope.Token);
        }, caller.Token);
        await caller.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithLimit());
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.False(inside!.CancelCalled);
        Assert.False(inside.CancelledCaught);
        Assert.Equal(new TokenCancelReason(caller.Token), inside.Reason);
    }

    [Fact]
    public async Task Token_that_is_cancelled_before_does_not_keep_the_body_from_running()
    {
        var ran = false;
        await CancelScope.RunAsync(scope =>
        {
            ran = scope.Token.IsCancellationRequested;
            return Task.CompletedTask;
        }, new CancellationToken(canceled: true));
        Assert.True(ran);
    }

    [Fact]
    public async Task Cancellation_from_outside_is_not_swallowed_by_a_scope_that_is_cancelled_as_well()
    {
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("own");
            await caller.CancelAsync();
            await Forever.WaitAsync(scope.Token);
        }, caller.Token).WithLimit());
    }

    [Fact]
    public async Task Foreign_cancellation_is_not_swallowed_by_a_scope_that_is_not_cancelled()
    {
        using var foreign = new CancellationTokenSource();
        await foreign.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CancelScope.RunAsync(_ => Forever.WaitAsync(foreign.Token)).WithLimit());
        Assert.Equal(foreign.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Linked_token_of_the_body_hides_nothing()
    {
        var scope = await CancelScope.RunAsync(async scope =>
        {
            using var other = new CancellationTokenSource();
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(scope.Token, other.Token);
            scope.Cancel();
            await Forever.WaitAsync(linked.Token);
        }).WithLimit();
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task Error_of_a_cancelled_body_comes_out_as_it_is()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => CancelScope.RunAsync(scope =>
        {
            scope.Cancel();
            throw new InvalidDataException("at once");
        }));
        Assert.Equal("at once", error.Message);
    }

    [Fact]
    public async Task Cancelling_the_outer_scope_ends_at_the_outer_scope()
    {
        CancelScope? innerScope = null;
        var afterInner = false;
        var outer = await CancelScope.RunAsync(async outer =>
        {
            await outer.RunAsync(async inner =>
            {
                innerScope = inner;
                outer.Cancel("outer");
                await Forever.WaitAsync(inner.Token);
            });
            afterInner = true;
        }).WithLimit();
        Assert.True(outer.CancelledCaught);
        Assert.False(afterInner);
        Assert.False(innerScope!.CancelCalled);
        Assert.False(innerScope.CancelledCaught);
        var reason = Assert.IsType<OuterScopeCancelReason>(innerScope.Reason);
        Assert.Equal(new TextCancelReason("outer"), reason.Root);
    }

    [Fact]
    public async Task Cancelling_the_inner_scope_leaves_the_outer_one_alone()
    {
        var outer = await CancelScope.RunAsync(async outer =>
        {
            var inner = await outer.RunAsync(async inner =>
            {
                inner.Cancel();
                await Forever.WaitAsync(inner.Token);
            });
            Assert.True(inner.CancelledCaught);
            Assert.False(outer.Token.IsCancellationRequested);
        }).WithLimit();
        Assert.False(outer.CancelCalled);
    }

    [Fact]
    public async Task Inner_cancellation_goes_on_outwards_when_both_are_cancelled()
    {
        var outer = await CancelScope.RunAsync(async outer =>
        {
            await outer.RunAsync(async inner =>
            {
                inner.Cancel("inner");
                outer.Cancel("outer");
                await Forever.WaitAsync(inner.Token);
            });
            Assert.Fail("The inner scope must not swallow what the outer one caused.");
        }).WithLimit();
        Assert.True(outer.CancelledCaught);
    }

    [Fact]
    public async Task Root_of_the_reason_is_that_of_the_outermost_cancelled_scope()
    {
        await CancelScope.RunAsync(outer => outer.RunAsync(middle => middle.RunAsync(inner =>
        {
            outer.Cancel("the root");
            var reason = Assert.IsType<OuterScopeCancelReason>(inner.Reason);
            Assert.IsType<OuterScopeCancelReason>(reason.Outer);
            Assert.Equal(new TextCancelReason("the root"), reason.Root);
            Assert.Contains("the root", reason.ToString(), StringComparison.Ordinal);
            return Task.CompletedTask;
        })));
    }

    [Fact]
    public async Task Callback_that_throws_comes_to_whoever_cancels_and_the_scope_is_cancelled_all_the_same()
    {
        var scope = await CancelScope.RunAsync(async scope =>
        {
            using var registration = scope.Token.Register(() => throw new InvalidDataException("callback"));
            var error = Assert.Throws<AggregateException>(() => scope.Cancel());
            Assert.IsType<InvalidDataException>(Assert.Single(error.InnerExceptions));
            await Forever.WaitAsync(scope.Token);
        }).WithLimit();
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task Callback_that_throws_at_the_deadline_is_reported()
    {
        using var reports = new Reports();
        var text = Reports.UniqueText();
        var options = new CancelScopeOptions { Timeout = TimeSpan.FromSeconds(1), TimeProvider = _time };
        await CancelScope.RunAsync(options, scope =>
        {
            scope.Token.Register(() => throw new InvalidDataException(text));
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        });
        Assert.Equal("CancelScope", (await reports.FailureAsync(text)).Surface);
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => CancelScope.RunAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => CancelScope.RunAsync((CancelScopeOptions)null!, _ => Task.CompletedTask));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CancelScopeOptions { GracePeriod = TimeSpan.FromSeconds(-2) });
        await CancelScope.RunAsync(scope =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => scope.GracePeriod = TimeSpan.FromSeconds(-2));
            Assert.Throws<ArgumentNullException>(() => scope.Cancel((string)null!));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Nothing_is_left_of_a_scope_that_has_ended()
    {
        using var caller = new CancellationTokenSource();
        var options = new CancelScopeOptions { Timeout = TimeSpan.FromSeconds(1), TimeProvider = _time };
        var scope = await CancelScope.RunAsync(options, _ => Task.CompletedTask, caller.Token);
        Assert.Equal(0, _time.Timers);
        await caller.CancelAsync();
        Assert.False(scope.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Ten_thousand_scopes_inside_each_other_are_cancelled_from_the_outermost()
    {
        const int Depth = 10_000;
        CancelScope? innermost = null;
        async Task GoAsync(CancelScope scope, int depth)
        {
            if (depth == 0)
            {
                innermost = scope;
                await Forever.WaitAsync(scope.Token);
            }

            await scope.RunAsync(inner => GoAsync(inner, depth - 1));
        }

        CancelScope? outermost = null;
        var run = CancelScope.RunAsync(scope =>
        {
            outermost = scope;
            return GoAsync(scope, Depth);
        });
        await Patience.UntilAsync(() => innermost is not null, "the innermost scope");
        outermost!.Cancel("all of them");
        var scope = await run.WithLimit();
        Assert.True(scope.CancelledCaught);
        Assert.Equal(new TextCancelReason("all of them"), Assert.IsType<OuterScopeCancelReason>(innermost!.Reason).Root);
    }

    [Fact]
    public async Task Scope_that_ends_before_one_inside_it_says_so_and_cancels_that_one()
    {
        Task<CancelScope>? left = null;
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CancelScope.RunAsync(outer =>
        {
            left = outer.RunAsync(inner => Forever.WaitAsync(inner.Token));
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Contains("Await", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left!.WithLimit());
    }

    [Fact]
    public async Task Cancellation_that_is_wrapped_ends_at_the_scope_too()
    {
        var scope = await CancelScope.RunAsync(scope =>
        {
            scope.Cancel();
            throw new AggregateException(new OperationCanceledException(scope.Token), new AggregateException(new TaskCanceledException()));
        });
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task Callback_that_throws_at_the_end_of_a_grace_period_is_reported()
    {
        using var reports = new Reports();
        using var caller = new CancellationTokenSource();
        var text = Reports.UniqueText();
        var options = new CancelScopeOptions { GracePeriod = TimeSpan.FromSeconds(1), TimeProvider = _time };
        await CancelScope.RunAsync(options, scope =>
        {
            scope.Token.Register(() => throw new InvalidDataException(text));
            caller.Cancel();
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(scope.Token.IsCancellationRequested);
            return Task.CompletedTask;
        }, caller.Token);
        Assert.Equal("CancelScope", (await reports.FailureAsync(text)).Surface);
    }

    [Fact]
    public async Task Scope_inside_one_that_has_ended_is_refused_at_once_by_every_way_in()
    {
        var ended = await CancelScope.RunAsync(_ => Task.CompletedTask);
        Action[] ways =
        [
            () => _ = ended.RunAsync(_ => Task.CompletedTask),
            () => _ = ended.MoveOnAfterAsync(null, _ => Task.CompletedTask),
            () => _ = ended.FailAfterAsync(null, _ => Task.CompletedTask),
            () => _ = ended.FailAfterAsync(null, _ => Task.FromResult(1)),
            () => _ = ended.RunTaskGroupAsync(_ => Task.CompletedTask),
        ];
        Assert.All(ways, way => Assert.Throws<InvalidOperationException>(way));
    }
}
