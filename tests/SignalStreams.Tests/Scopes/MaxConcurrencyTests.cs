using System.Collections.Concurrent;

namespace SignalStreams.Tests.Scopes;

public sealed class MaxConcurrencyTests
{
    private static readonly TaskGroupOptions Two = new() { MaxConcurrency = 2 };

    [Fact]
    public async Task No_more_children_run_than_may()
    {
        var running = 0;
        var seen = new ConcurrentBag<int>();
        await TaskGroup.RunAsync(Two, group =>
        {
            for (var i = 0; i < 100; i++)
            {
                group.Start(async _ =>
                {
                    seen.Add(Interlocked.Increment(ref running));
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                });
            }

            return Task.CompletedTask;
        }).WithLimit();
        Assert.InRange(seen.Max(), 1, 2);
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task Further_ones_wait_for_their_turn_in_order()
    {
        var ends = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource<int>()).ToArray();
        var run = TaskGroup.RunAsync(Two, async group =>
        {
            var handles = ends.Select(end => group.Start(_ => end.Task)).ToArray();
            Assert.Equal([TaskHandleStatus.Running, TaskHandleStatus.Running, TaskHandleStatus.Pending, TaskHandleStatus.Pending], handles.Select(h => h.Status));
            var last = handles[3].Completion;
            ends[1].SetResult(1);
            await Patience.UntilAsync(() => handles[2].Status == TaskHandleStatus.Running, "the third child");
            Assert.Equal(TaskHandleStatus.Pending, handles[3].Status);
            ends[0].SetResult(0);
            ends[2].SetResult(2);
            ends[3].SetResult(3);
            Assert.Equal(3, await last.WithLimit());
        });
        await run.WithLimit();
    }

    [Fact]
    public async Task Child_that_is_cancelled_before_its_turn_does_not_begin()
    {
        var began = false;
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            group.Start(Forever.Ignoring(end));
            var handle = group.Start(_ =>
            {
                began = true;
                return Task.CompletedTask;
            });
            handle.Cancel();
            end.SetResult();
            return Assert.ThrowsAnyAsync<OperationCanceledException>(() => handle.Completion);
        });
        await run.WithLimit();
        Assert.False(began);
    }

    [Fact]
    public async Task Cancelled_group_ends_without_beginning_those_who_wait()
    {
        var began = 0;
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            group.Start(Forever.WaitAsync);
            for (var i = 0; i < 1000; i++)
            {
                group.Start(_ =>
                {
                    began++;
                    return Task.CompletedTask;
                });
            }

            group.Cancel();
            return Task.CompletedTask;
        }).WithLimit();
        Assert.Equal(0, began);
    }

    [Fact]
    public async Task Child_at_the_limit_can_start_another_one()
    {
        var began = false;
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            group.Start(async _ =>
            {
                await Task.Yield();
                group.Start(_ =>
                {
                    began = true;
                    return Task.CompletedTask;
                });
            });
            return Task.CompletedTask;
        }).WithLimit();
        Assert.True(began);
    }

    [Fact]
    public async Task Hundred_thousand_children_one_at_a_time_that_never_wait_end()
    {
        var count = 0;
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, async group =>
        {
            var gate = new TaskCompletionSource();
            group.Start(Forever.Ignoring(gate));
            for (var i = 0; i < 100_000; i++)
            {
                group.Start(_ =>
                {
                    count++;
                    return Task.CompletedTask;
                });
            }

            await Task.Yield();
            gate.SetResult();
        }).WithLimit();
        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task Hundred_thousand_children_that_wait_for_their_turn_are_cancelled()
    {
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                group.Start(Forever.WaitAsync);
            }

            group.Cancel();
            return Task.CompletedTask;
        }).WithLimit();
    }

    [Fact]
    public async Task Child_that_waits_at_the_limit_for_another_to_start_is_ended_by_a_cancellation()
    {
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            group.Start(_ => group.StartAsync((started, _) =>
            {
                started();
                return Task.CompletedTask;
            }, CancellationToken.None));
            group.Cancel();
            return Task.CompletedTask;
        }).WithLimit();
    }

    [Fact]
    public async Task Caller_that_gives_up_a_child_before_its_turn_goes_on_at_once()
    {
        using var caller = new CancellationTokenSource();
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, async group =>
        {
            var server = group.Start(Forever.WaitAsync);
            var start = group.StartAsync((_, token) => Forever.WaitAsync(token), caller.Token);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
            Assert.Equal(TaskHandleStatus.Running, server.Status);
            group.Cancel();
        }).WithLimit();
    }

    [Fact]
    public async Task Child_that_waited_for_its_turn_runs_in_the_context_of_whoever_started_it()
    {
        var flow = new AsyncLocal<string?>();
        var end = new TaskCompletionSource();
        string? seen = null;
        var run = TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            flow.Value = "first";
            group.Start(async _ =>
            {
                await end.Task;
                flow.Value = "changed by the first";
            });
            flow.Value = "second";
            group.Start(_ =>
            {
                seen = flow.Value;
                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        });
        end.SetResult();
        await run.WithLimit();
        Assert.Equal("second", seen);
    }
}
