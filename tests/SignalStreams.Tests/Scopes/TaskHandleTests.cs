using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SignalStreams.Tests.Scopes;

public sealed class TaskHandleTests
{
    [Fact]
    public async Task Handle_has_the_result()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var end = new TaskCompletionSource<int>();
            var handle = group.Start(_ => end.Task);
            Assert.Equal(TaskHandleStatus.Running, handle.Status);
            end.SetResult(5);
            Assert.Equal(5, await handle.Completion);
            Assert.Equal(TaskHandleStatus.Finished, handle.Status);
        }).WithLimit();
    }

    [Fact]
    public async Task Child_is_cancelled_alone_and_the_group_goes_on()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var other = group.Start(Forever.WaitAsync);
            var handle = group.Start(Forever.WaitAsync);
            handle.Cancel("this one");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handle.Completion.WithLimit());
            Assert.Equal(TaskHandleStatus.Cancelled, handle.Status);
            Assert.Equal(new TextCancelReason("this one"), handle.Reason);
            Assert.Equal(TaskHandleStatus.Running, other.Status);
            Assert.False(group.Token.IsCancellationRequested);
            other.Cancel();
        }).WithLimit();
    }

    [Fact]
    public async Task Error_is_thrown_to_who_awaits_the_handle_and_comes_out_of_the_group()
    {
        TaskHandle handle = default;
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            handle = group.Start(async _ =>
            {
                await Task.Yield();
                throw new InvalidDataException("bad");
            });
            await Assert.ThrowsAsync<InvalidDataException>(() => handle.Completion.WithLimit());
        }).WithLimit());
        Assert.IsType<InvalidDataException>(Assert.Single(error.InnerExceptions));
        Assert.Equal(TaskHandleStatus.Failed, handle.Status);
    }

    [Fact]
    public async Task Error_of_a_child_that_was_cancelled_alone_is_an_error()
    {
        await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            var handle = group.Start(async token =>
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(token));
                throw new InvalidDataException("clean-up");
            });
            handle.Cancel();
            return Task.CompletedTask;
        }).WithLimit());
    }

    [Fact]
    public async Task Child_is_named_as_given_or_by_its_expression()
    {
        await TaskGroup.RunAsync(group =>
        {
            Assert.Equal("poller", group.Start("poller", _ => Task.CompletedTask).Name);
            Assert.Equal("Forever.WaitAsync", group.Start(Forever.WaitAsync).Name);
            var longOne = group.Start(async token =>
            {
                await Forever.WaitAsync(token);
            }).Name;
            Assert.Equal("async token =>...", longOne);
            group.Cancel();
            return Task.CompletedTask;
        }).WithLimit();
    }

    [Fact]
    public async Task Handles_of_one_child_are_equal()
    {
        await TaskGroup.RunAsync(group =>
        {
            var one = group.Start("one", _ => Task.FromResult(1));
            var two = group.Start("two", _ => Task.FromResult(2));
            var copy = one;
            Assert.True(one == copy && one != two && one.Equals((object)copy));
            Assert.Equal("'one' (Finished)", one.ToString());
            return Task.CompletedTask;
        }).WithLimit();
    }

    [Fact]
    public void Handle_of_no_child_says_so()
    {
        TaskHandle handle = default;
        TaskHandle<int> withResult = default;
        Assert.Contains("default value", Assert.Throws<InvalidOperationException>(() => handle.Status).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => withResult.Name);
        Assert.Equal("no child", $"{handle}");
        Assert.Equal("no child", $"{withResult}");
        Assert.True(handle == default && withResult == default);
        Assert.Equal(0, handle.GetHashCode());
    }

    [Fact]
    public async Task Error_that_the_group_throws_is_not_reported_as_unobserved_too()
    {
        var unobserved = new ConcurrentBag<string>();
        void Collect(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Add($"{e.Exception}");
        TaskScheduler.UnobservedTaskException += Collect;
        try
        {
            for (var i = 0; i < 20; i++)
            {
                // Often enough that most of them are on no stack any more.
                await FailAsync();
                await Task.Yield();
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Collect;
        }

        Assert.DoesNotContain(unobserved, error => error.Contains(nameof(Error_that_the_group_throws_is_not_reported_as_unobserved_too), StringComparison.Ordinal));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Task FailAsync() => Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, async group =>
        {
            var gate = new TaskCompletionSource();
            group.Start(_ => gate.Task);
            var queued = group.Start(async _ =>
            {
                await Task.Yield();
                throw new InvalidDataException(nameof(Error_that_the_group_throws_is_not_reported_as_unobserved_too));
            });

            // Asked for before there is a task: a promise, at which nobody looks.
            _ = queued.Completion;
            gate.SetResult();
        }).WithLimit());
    }

    [Fact]
    public async Task Completion_that_is_asked_for_while_the_child_ends_ends_too()
    {
        for (var i = 0; i < 10_000; i++)
        {
            await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, async group =>
            {
                var gate = new TaskCompletionSource();
                group.Start(_ => gate.Task);
                var queued = group.Start(_ => Task.FromResult(7));
                var begin = Task.Run(gate.SetResult);
                Assert.Equal(7, await queued.Completion);
                await begin;
            }).WithLimit();
        }
    }
}
