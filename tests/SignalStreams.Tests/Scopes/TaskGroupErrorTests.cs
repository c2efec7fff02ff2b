namespace SignalStreams.Tests.Scopes;

/// <summary>What comes out of a group when something in it throws.</summary>
public sealed class TaskGroupErrorTests
{
    [Fact]
    public async Task Failing_child_cancels_body_and_siblings_and_comes_out_in_an_aggregate()
    {
        TaskGroup? ended = null;
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            ended = group;
            group.Start("sibling", Forever.WaitAsync);
            group.Start("the bad one", async _ =>
            {
                await Task.Yield();
                throw new InvalidDataException("bad");
            });
            await Forever.WaitAsync(group.Token);
        }).WithLimit());
        Assert.Equal("bad", Assert.IsType<InvalidDataException>(Assert.Single(error.InnerExceptions)).Message);
        var reason = Assert.IsType<ChildFailedCancelReason>(ended!.Reason);
        Assert.Equal("the bad one", reason.Child);
        Assert.Same(error.InnerExceptions[0], reason.Exception);
    }

    [Fact]
    public async Task Failing_body_cancels_the_children_and_waits_for_them()
    {
        var cleaned = false;
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start(async token =>
            {
                try
                {
                    await Forever.WaitAsync(token);
                }
                finally
                {
                    await Task.Yield();
                    cleaned = true;
                }
            });
            throw new InvalidDataException("body");
        }).WithLimit());
        Assert.Equal("body", Assert.Single(error.InnerExceptions).Message);
        Assert.True(cleaned);
    }

    [Fact]
    public async Task All_errors_come_out_in_the_order_in_which_they_happened()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        var run = TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < 3; i++)
            {
                var number = i;
                group.Start(async _ =>
                {
                    await gates[number].Task;
                    throw new InvalidDataException($"{number}");
                });
            }

            try
            {
                await Forever.WaitAsync(group.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidDataException("body");
            }
        });
        gates[1].SetResult();
        gates[2].SetResult();
        gates[0].SetResult();
        var error = await Assert.ThrowsAsync<AggregateException>(() => run.WithLimit());
        Assert.Equal(4, error.InnerExceptions.Count);
        Assert.Equal(["1", "2", "0"], error.InnerExceptions.Select(e => e.Message).Where(message => message != "body"));
    }

    [Fact]
    public async Task Single_error_is_unwrapped_on_demand_with_its_own_stack()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TaskGroup.RunAsync(new TaskGroupOptions { UnwrapSingleError = true }, group =>
        {
            group.Start(_ => Fail());
            group.Start(Forever.WaitAsync);
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Contains(nameof(Fail), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_errors_are_not_unwrapped()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(new TaskGroupOptions { UnwrapSingleError = true }, group =>
        {
            group.Start(_ => Fail());
            return Fail();
        }).WithLimit());
        Assert.Equal(2, error.InnerExceptions.Count);
    }

    [Fact]
    public async Task Child_that_throws_before_it_waits_is_a_child_that_fails()
    {
        var went = false;
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            var handle = group.Start(_ => throw new InvalidDataException("at once"));
            Assert.Equal(TaskHandleStatus.Failed, handle.Status);
            went = true;
            return Task.CompletedTask;
        }).WithLimit());
        Assert.True(went);
        Assert.Equal("at once", Assert.Single(error.InnerExceptions).Message);
    }

    [Fact]
    public async Task Child_that_returns_no_task_is_a_child_that_fails()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start("nothing", _ => null!);
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Contains("'nothing'", Assert.Single(error.InnerExceptions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_win_over_the_cancellation_of_the_caller_and_hide_no_error()
    {
        using var caller = new CancellationTokenSource();
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            group.Start(Forever.WaitAsync);
            group.Start(async token =>
            {
                try
                {
                    await Forever.WaitAsync(token);
                }
                catch (OperationCanceledException)
                {
                    throw new InvalidDataException("clean-up");
                }
            });
            await caller.CancelAsync();
        }, caller.Token).WithLimit());
        Assert.Equal("clean-up", Assert.Single(error.InnerExceptions).Message);
    }

    [Fact]
    public async Task Foreign_cancellation_of_a_child_is_not_swallowed()
    {
        using var foreign = new CancellationTokenSource();
        await foreign.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start(Forever.WaitAsync);
            group.Start(_ => Forever.WaitAsync(foreign.Token));
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Equal(foreign.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Foreign_cancellation_comes_out_beside_an_error()
    {
        using var foreign = new CancellationTokenSource();
        await foreign.CancelAsync();
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            group.Start(_ => Forever.WaitAsync(foreign.Token));
            group.Start(_ => Fail());
            await Task.CompletedTask;
        }).WithLimit());
        Assert.Equal([typeof(TaskCanceledException), typeof(InvalidDataException)], error.InnerExceptions.Select(e => e.GetType()));
    }

    [Fact]
    public async Task All_errors_of_a_child_that_waits_for_several_come_out()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start(_ => Task.WhenAll(Fail(), Fail()));
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Equal(2, error.Flatten().InnerExceptions.Count);
    }

    [Fact]
    public async Task Errors_of_a_group_inside_another_keep_their_shape()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(outer =>
        {
            outer.Start(token => TaskGroup.RunAsync(inner =>
            {
                inner.Start(_ => Fail());
                return Task.CompletedTask;
            }, token));
            return Task.CompletedTask;
        }).WithLimit());
        Assert.IsType<InvalidDataException>(Assert.Single(Assert.IsType<AggregateException>(Assert.Single(error.InnerExceptions)).InnerExceptions));
    }

    [Fact]
    public async Task Callback_that_throws_while_the_group_is_cancelled_keeps_no_other_child_from_being_cancelled()
    {
        await TaskGroup.RunAsync(group =>
        {
            group.Start(async token =>
            {
                // Not disposed: the child is woken first, and would take the callback away.
                token.Register(() => throw new InvalidDataException("callback"));
                await Forever.WaitAsync(token);
            });
            group.Start(Forever.WaitAsync);
            Assert.Throws<AggregateException>(() => group.Cancel());
            return Task.CompletedTask;
        }).WithLimit();
    }

    private static async Task Fail()
    {
        await Task.CompletedTask;
        throw new InvalidDataException("failed");
    }

    [Fact]
    public async Task Callbacks_that_throw_at_the_tokens_of_a_child_and_of_the_group_are_both_thrown_at_whoever_cancels()
    {
        await TaskGroup.RunAsync(group =>
        {
            group.Token.Register(() => throw new InvalidDataException("group"));
            group.Start(async token =>
            {
                token.Register(() => throw new InvalidDataException("child"));
                await Forever.WaitAsync(token);
            });
            var error = Assert.Throws<AggregateException>(() => group.Cancel());
            Assert.Equal(["child", "group"], error.InnerExceptions.Select(e => e.Message).Order());
            return Task.CompletedTask;
        }).WithLimit();
    }

    [Fact]
    public async Task Callback_that_throws_when_a_sibling_fails_is_reported_and_hangs_nobody()
    {
        using var reports = new Reports();
        var text = Reports.UniqueText();
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            group.Start(async token =>
            {
                token.Register(() => throw new InvalidDataException(text));
                await Forever.WaitAsync(token);
            });
            group.Start(_ => Fail());
            return Task.CompletedTask;
        }).WithLimit());
        Assert.Equal("failed", Assert.Single(error.InnerExceptions).Message);
        await reports.FailureAsync(text);
    }

    [Fact]
    public async Task Error_that_somebody_awaited_and_threw_on_comes_out_once()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
            await group.Start(_ => Fail()).Completion).WithLimit());
        Assert.Single(error.InnerExceptions);
    }

    [Fact]
    public async Task Group_that_ends_before_a_scope_inside_it_says_so_and_cancels_that_one()
    {
        var inner = Task.CompletedTask;
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            inner = group.CancelScope.RunAsync(scope => Forever.WaitAsync(scope.Token));
            return Task.CompletedTask;
        }).WithLimit());
        Assert.IsType<InvalidOperationException>(Assert.Single(error.InnerExceptions));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inner.WithLimit());
    }

    [Fact]
    public async Task Clock_that_breaks_as_the_group_is_cancelled_keeps_nobody_from_being_cancelled()
    {
        var options = new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(1), TimeProvider = new BrokenClock() };
        await TaskGroup.RunAsync(options, async group =>
        {
            var error = Assert.Throws<AggregateException>(() => group.Cancel());
            Assert.Equal("no timer", Assert.Single(error.InnerExceptions).Message);
            await Forever.WaitAsync(group.Token);
        }).WithLimit();
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidDataException("no timer");
    }
}
