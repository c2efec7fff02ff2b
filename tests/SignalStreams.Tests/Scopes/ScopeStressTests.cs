using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SignalStreams.Tests.Scopes;

public sealed class ScopeStressTests
{
    // Ten seconds and a gigabyte in a debug build; and the machine may have much else to do.
    private static readonly TimeSpan ForAMillion = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Million_children_of_one_group_end()
    {
        const int Children = 1_000_000;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = 0;
        await TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < Children; i++)
            {
                group.Start("one of many", async _ =>
                {
                    await gate.Task;
                    Interlocked.Increment(ref ended);
                });
            }

            await Task.Yield();
            gate.SetResult();
        }).WaitAsync(ForAMillion, TestContext.Current.CancellationToken);
        Assert.Equal(Children, ended);
    }

    [Fact]
    public async Task Million_children_of_one_group_are_cancelled()
    {
        const int Children = 1_000_000;
        var ended = 0;
        await TaskGroup.RunAsync(group =>
        {
            for (var i = 0; i < Children; i++)
            {
                // Without an exception on the way: a million of them would take most of the time.
                group.Start("one of many", token =>
                {
                    var wait = new TaskCompletionSource();
                    token.UnsafeRegister(_ =>
                    {
                        ended++;
                        wait.SetCanceled(token);
                    }, null);
                    return wait.Task;
                });
            }

            group.Cancel();
            return Task.CompletedTask;
        }).WaitAsync(ForAMillion, TestContext.Current.CancellationToken);
        Assert.Equal(Children, ended);
    }

    [Fact]
    public async Task Every_child_cancels_the_group_at_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskGroup? ended = null;
            var run = TaskGroup.RunAsync(group =>
            {
                ended = group;
                for (var i = 0; i < 50; i++)
                {
                    var number = i;
                    group.Start(_ => Task.Run(async () =>
                    {
                        await gate.Task;
                        group.Cancel($"{number}");
                        await Forever.WaitAsync(group.Token);
                    }, CancellationToken.None));
                }

                return Task.CompletedTask;
            });
            gate.SetResult();
            await run.WithLimit();
            Assert.True(ended!.CancelScope.CancelledCaught);
        }
    }

    [Fact]
    public async Task Every_child_fails_while_the_group_is_cancelled_and_no_error_is_lost()
    {
        for (var round = 0; round < 200; round++)
        {
            const int Children = 20;
            var run = TaskGroup.RunAsync(group =>
            {
                for (var i = 0; i < Children; i++)
                {
                    var number = i;
                    group.Start(async token =>
                    {
                        try
                        {
                            await Task.Delay(Timeout.Infinite, token);
                        }
                        catch (OperationCanceledException)
                        {
                            await Task.Yield();
                            throw new InvalidDataException($"{number}");
                        }
                    });
                }

                _ = Task.Run(() => group.Cancel());
                return Task.CompletedTask;
            });
            var error = await Assert.ThrowsAsync<AggregateException>(() => run.WithLimit());
            Assert.Equal(Enumerable.Range(0, Children).Select(i => $"{i}").Order(), error.InnerExceptions.Select(e => e.Message).Order());
        }
    }

    [Fact]
    public async Task Child_that_starts_the_next_one_a_hundred_thousand_times_ends()
    {
        var left = 100_000;
        await TaskGroup.RunAsync(group =>
        {
            Task Next(CancellationToken token)
            {
                if (--left > 0)
                {
                    group.Start(Next);
                }

                return Task.CompletedTask;
            }

            group.Start(Next);
            return Task.CompletedTask;
        }).WithLimit();
        Assert.Equal(0, left);
    }

    [Fact]
    public async Task Caller_that_lives_on_holds_nothing_of_scopes_and_groups_that_have_ended()
    {
        using var caller = new CancellationTokenSource();
        var (scope, group) = await RunAsync(caller.Token);
        await Patience.UntilAsync(
            () =>
            {
                GC.Collect();
                return !scope.IsAlive && !group.IsAlive;
            },
            "the scope and the group to be collected");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(WeakReference Scope, WeakReference Group)> RunAsync(CancellationToken caller)
    {
        WeakReference? group = null;
        var scope = await CancelScope.RunAsync(new CancelScopeOptions { Timeout = TimeSpan.FromHours(1) }, async scope =>
        {
            await scope.RunTaskGroupAsync(inner =>
            {
                group = new WeakReference(inner);
                inner.Start(async _ => await Task.Yield());
                return Task.CompletedTask;
            });
        }, caller);
        return (new WeakReference(scope), group!);
    }

    [Fact]
    public async Task Chain_of_children_with_results_that_none_waits_for_has_them_all()
    {
        const int Depth = 20_000;

        // Where the stack is at its end the chain goes on upon another thread, beside this one.
        var handles = new ConcurrentBag<TaskHandle<int>>();
        await TaskGroup.RunAsync(group =>
        {
            Task<int> Next(int depth)
            {
                if (depth < Depth)
                {
                    handles.Add(group.Start(_ => Next(depth + 1)));
                }

                return Task.FromResult(depth);
            }

            handles.Add(group.Start(_ => Next(1)));
            return Task.CompletedTask;
        }).WithLimit();
        Assert.Equal(Depth, handles.Count);
        Assert.Equal((long)Depth * (Depth + 1) / 2, handles.Sum(handle => (long)handle.Completion.Result));
    }
}
