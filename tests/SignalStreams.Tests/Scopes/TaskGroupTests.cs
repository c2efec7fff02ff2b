using System.Collections.Concurrent;

namespace SignalStreams.Tests.Scopes;

public sealed class TaskGroupTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Group_without_children_ends_with_its_body()
    {
        var ran = false;
        await TaskGroup.RunAsync(_ =>
        {
            ran = true;
            return Task.CompletedTask;
        });
        Assert.True(ran);
    }

    [Fact]
    public async Task Leaving_waits_for_all_children()
    {
        var ends = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        var run = TaskGroup.RunAsync(group =>
        {
            foreach (var end in ends)
            {
                group.Start(_ => end.Task);
            }

            return Task.CompletedTask;
        });
        ends[2].SetResult();
        ends[0].SetResult();
        Assert.False(run.IsCompleted);
        ends[1].SetResult();
        await run.WithLimit();
    }

    [Fact]
    public async Task Child_runs_until_it_first_waits_before_the_caller_goes_on()
    {
        var order = new List<string>();
        await TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                order.Add("child begins");
                await Task.Yield();
            });
            order.Add("body goes on");
            return Task.CompletedTask;
        }).WithLimit();
        Assert.Equal(["child begins", "body goes on"], order);
    }

    [Fact]
    public async Task Children_can_start_children_while_the_group_ends()
    {
        var began = 0;
        var gate = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await gate.Task;
                group.Start(async _ =>
                {
                    await Task.Yield();
                    group.Start(_ =>
                    {
                        began++;
                        return Task.CompletedTask;
                    });
                });
            });
            return Task.CompletedTask;
        });
        gate.SetResult();
        await run.WithLimit();
        Assert.Equal(1, began);
    }

    [Fact]
    public async Task Starting_after_the_end_is_an_error()
    {
        TaskGroup? ended = null;
        await TaskGroup.RunAsync(group =>
        {
            ended = group;
            return Task.CompletedTask;
        });
        var error = Assert.Throws<InvalidOperationException>(() => ended!.Start(_ => Task.CompletedTask));
        Assert.Contains("has ended", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ended!.StartAsync((started, _) => Task.CompletedTask));
        Assert.Throws<InvalidOperationException>(() => ended!.Own(new MemoryStream()));
        ended!.Cancel();
        Assert.False(ended.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Own_cancellation_ends_all_and_is_silent()
    {
        var cancelled = 0;
        TaskGroup? ended = null;
        await TaskGroup.RunAsync(async group =>
        {
            ended = group;
            for (var i = 0; i < 5; i++)
            {
                group.Start(async token =>
                {
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(token));
                    Interlocked.Increment(ref cancelled);
                    token.ThrowIfCancellationRequested();
                });
            }

            group.Cancel("that will do");
            await Forever.WaitAsync(group.Token);
        }).WithLimit();
        Assert.Equal(5, cancelled);
        Assert.Equal(new TextCancelReason("that will do"), ended!.Reason);
        Assert.True(ended.CancelScope.CancelledCaught);
    }

    [Fact]
    public async Task Child_that_is_started_in_a_cancelled_group_is_cancelled_from_the_beginning()
    {
        var wasCancelled = false;
        await TaskGroup.RunAsync(group =>
        {
            group.Cancel();
            group.Start(token =>
            {
                wasCancelled = token.IsCancellationRequested;
                return Forever.WaitAsync(token);
            });
            return Task.CompletedTask;
        }).WithLimit();
        Assert.True(wasCancelled);
    }

    [Fact]
    public async Task Outer_cancellation_comes_out_once_with_the_token_of_the_caller()
    {
        using var caller = new CancellationTokenSource();
        var run = TaskGroup.RunAsync(group =>
        {
            for (var i = 0; i < 5; i++)
            {
                group.Start(Forever.WaitAsync);
            }

            return Task.CompletedTask;
        }, caller.Token);
        await caller.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithLimit());
        Assert.Equal(caller.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Outer_cancellation_that_nobody_noticed_is_none()
    {
        using var caller = new CancellationTokenSource();
        await TaskGroup.RunAsync(async group =>
        {
            group.Start(_ => Task.CompletedTask);
            await caller.CancelAsync();
        }, caller.Token).WithLimit();
    }

    [Fact]
    public async Task Outer_scope_cancels_the_group_and_catches_it()
    {
        var outer = await CancelScope.RunAsync(async outer =>
        {
            await outer.RunTaskGroupAsync(group =>
            {
                group.Start(Forever.WaitAsync);
                outer.Cancel("outer");
                Assert.IsType<OuterScopeCancelReason>(group.Reason);
                return Task.CompletedTask;
            });
            Assert.Fail("The group must not swallow what the outer scope caused.");
        }).WithLimit();
        Assert.True(outer.CancelledCaught);
    }

    [Fact]
    public async Task Group_inside_a_scope_has_its_clock_and_its_deadline()
    {
        await CancelScope.RunAsync(new CancelScopeOptions { Timeout = TimeSpan.FromSeconds(1), TimeProvider = _time }, outer =>
            outer.RunTaskGroupAsync(group =>
            {
                Assert.Equal(outer.Deadline, group.CancelScope.EffectiveDeadline);
                group.Start(Forever.WaitAsync);
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.CompletedTask;
            })).WithLimit();
    }

    [Fact]
    public async Task Deadline_of_the_group_ends_it_silently()
    {
        TaskGroup? ended = null;
        var run = TaskGroup.RunAsync(new TaskGroupOptions { Timeout = TimeSpan.FromSeconds(1), TimeProvider = _time }, group =>
        {
            ended = group;
            group.Start(Forever.WaitAsync);
            return Task.CompletedTask;
        });
        _time.Advance(TimeSpan.FromSeconds(1));
        await run.WithLimit();
        Assert.IsType<DeadlineCancelReason>(ended!.Reason);
    }

    [Fact]
    public async Task Cancelled_group_with_a_shielded_child_waits_without_spinning()
    {
        var end = new TaskCompletionSource();
        var turns = 0;
        var run = TaskGroup.RunAsync(group =>
        {
            group.Start(token => CancelScope.RunAsync(new CancelScopeOptions { Shield = true }, async _ =>
            {
                turns++;
                await end.Task;
                turns++;
            }, token));
            group.Cancel();
            return Task.CompletedTask;
        });
        Assert.False(run.IsCompleted);
        Assert.Equal(1, turns);
        end.SetResult();
        await run.WithLimit();
        Assert.Equal(2, turns);
    }

    [Fact]
    public async Task Groups_inside_each_other_end_from_the_inside()
    {
        var ended = new ConcurrentQueue<string>();
        await TaskGroup.RunAsync(outer =>
        {
            outer.Start(token => TaskGroup.RunAsync(inner =>
            {
                inner.Start(async _ =>
                {
                    await Task.Yield();
                    ended.Enqueue("innermost");
                });
                return Task.CompletedTask;
            }, token).ContinueWith(_ => ended.Enqueue("inner"), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
            return Task.CompletedTask;
        }).WithLimit();
        Assert.Equal(["innermost", "inner"], ended);
    }

    [Fact]
    public async Task Loops_work_on_a_single_threaded_context()
    {
        var threads = new ConcurrentQueue<int>();
        await Stress.SingleThreadContext.RunAsync(() => TaskGroup.RunAsync(group =>
        {
            for (var i = 0; i < 3; i++)
            {
                group.Start(async _ =>
                {
                    threads.Enqueue(Environment.CurrentManagedThreadId);
                    await Task.Yield();
                    threads.Enqueue(Environment.CurrentManagedThreadId);
                });
            }

            return Task.CompletedTask;
        })).WithLimit();
        Assert.Equal(6, threads.Count);
        Assert.Single(threads.Distinct());
    }

    [Fact]
    public async Task Nothing_is_left_of_a_group_that_has_ended()
    {
        using var caller = new CancellationTokenSource();
        TaskGroup? ended = null;
        await TaskGroup.RunAsync(new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(1), TimeProvider = _time }, group =>
        {
            ended = group;
            group.Start(Forever.WaitAsync);
            group.Cancel();
            return Task.CompletedTask;
        }, caller.Token).WithLimit();
        Assert.Equal(0, _time.Timers);
        await caller.CancelAsync();
        Assert.Equal(TextCancelReason.None, ended!.Reason);
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => TaskGroup.RunAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => TaskGroup.RunAsync((TaskGroupOptions)null!, _ => Task.CompletedTask));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskGroupOptions { MaxConcurrency = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(-1) });
        await TaskGroup.RunAsync(group =>
        {
            Assert.Throws<ArgumentNullException>(() => group.Start((Func<CancellationToken, Task>)null!));
            Assert.Throws<ArgumentNullException>(() => group.Start((string)null!, _ => Task.CompletedTask));
            Assert.Throws<ArgumentException>(() => group.Own("a string"));
            return Assert.ThrowsAsync<InvalidOperationException>(group.JoinAsync);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wait_on_the_token_of_the_group_that_ends_inline_is_a_cancellation_and_no_error(bool inBody)
    {
        Task WaitInlineAsync(TaskGroup group)
        {
            var wait = new TaskCompletionSource();
            group.Token.Register(() => wait.TrySetCanceled(group.Token));
            return wait.Task;
        }

        var scope = await TaskGroup.RunAsync(group =>
        {
            var wait = WaitInlineAsync(group);
            if (!inBody)
            {
                group.Start(_ => wait);
                wait = Task.CompletedTask;
            }

            group.Start(_ =>
            {
                group.Cancel("enough");
                return Task.CompletedTask;
            });
            return wait;
        }).WithLimit();
        Assert.Equal(new TextCancelReason("enough"), scope.Reason);
        Assert.True(scope.CancelledCaught);
    }

    [Fact]
    public async Task Child_that_waits_on_the_token_of_the_caller_is_cancelled_with_that_token()
    {
        using var caller = new CancellationTokenSource();
        TaskGroup? ended = null;
        var run = TaskGroup.RunAsync(group =>
        {
            ended = group;
            var wait = new TaskCompletionSource();
            caller.Token.Register(() => wait.TrySetCanceled(caller.Token));
            group.Start(_ => wait.Task);
            return Task.CompletedTask;
        }, caller.Token);
        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithLimit())).CancellationToken);
        Assert.Equal(new TokenCancelReason(caller.Token), ended!.Reason);
    }

    [Fact]
    public async Task What_the_body_does_to_its_execution_context_stays_in_the_body()
    {
        var local = new AsyncLocal<int> { Value = 1 };
        await TaskGroup.RunAsync(_ =>
        {
            local.Value = 2;
            return Task.CompletedTask;
        });
        Assert.Equal(1, local.Value);
    }

    [Fact]
    public async Task Cancellation_that_comes_as_the_group_begins_reaches_its_children()
    {
        for (var i = 0; i < 5000; i++)
        {
            using var caller = new CancellationTokenSource();
            using var both = new Barrier(2);
            var cancel = Task.Run(() =>
            {
                both.SignalAndWait();
                caller.Cancel();
            });
            both.SignalAndWait();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TaskGroup.RunAsync(group =>
            {
                group.Start(Forever.WaitAsync);
                return Task.CompletedTask;
            }, caller.Token).WithLimit());
            await cancel;
        }
    }
}
