namespace SignalStreams.Tests.Scopes;

/// <summary>Resources that a group owns.</summary>
public sealed class OwnTests
{
    [Fact]
    public async Task Resources_are_disposed_in_reverse_order_after_all_children()
    {
        var order = new List<string>();
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(group =>
        {
            group.Own(new Disposal(() => order.Add("first")));
            group.Own(new AsyncDisposal(() => order.Add("second")));
            group.Start(async _ =>
            {
                await end.Task;
                order.Add("child");
            });
            return Task.CompletedTask;
        });
        end.SetResult();
        await run.WithLimit();
        Assert.Equal(["child", "second", "first"], order);
    }

    [Fact]
    public async Task Error_of_a_disposal_is_one_of_the_group_and_keeps_no_other_from_being_disposed()
    {
        var first = new Disposal();
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group =>
        {
            group.Own(first);
            group.Own(new Disposal(() => throw new InvalidDataException("disposal")));
            throw new InvalidDataException("body");
        }).WithLimit());
        Assert.Equal(["body", "disposal"], error.InnerExceptions.Select(e => e.Message));
        Assert.True(first.IsDisposed);
    }

    [Fact]
    public async Task Resources_are_disposed_when_the_group_is_cancelled()
    {
        var resource = new Disposal();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TaskGroup.RunAsync(group =>
        {
            group.Own(resource);
            return Forever.WaitAsync(group.Token);
        }, new CancellationToken(canceled: true)).WithLimit());
        Assert.True(resource.IsDisposed);
    }

    [Fact]
    public async Task What_can_be_disposed_both_ways_is_disposed_the_asynchronous_way()
    {
        var stream = new AsyncDisposal(() => { });
        await TaskGroup.RunAsync(group =>
        {
            Assert.Same(stream, group.Own(stream));
            return Task.CompletedTask;
        }).WithLimit();
        Assert.True(stream.WasAsynchronous);
    }

    private sealed class AsyncDisposal(Action onDispose) : IAsyncDisposable, IDisposable
    {
        public bool WasAsynchronous { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            WasAsynchronous = true;
            onDispose();
        }

        public void Dispose() => Assert.Fail("The other way was there.");
    }

    [Fact]
    public async Task Resources_of_a_block_whose_children_outlasted_the_time_to_close_are_disposed_when_it_is_left()
    {
        var time = new ManualTime();
        var end = new TaskCompletionSource();
        var disposed = new TaskCompletionSource();
        var group = TaskGroup.Open(new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(1), TimeProvider = time });
        group.Own(new Disposal(disposed.SetResult));
        group.Start("deaf", Forever.Ignoring(end));
        group.Cancel();
        time.Advance(TimeSpan.FromSeconds(1));
        end.SetResult();
        Assert.False(disposed.Task.IsCompleted);
        await Assert.ThrowsAsync<ShutdownTimeoutException>(() => group.JoinAsync().WithLimit());
        await disposed.Task.WithLimit();
        await group.DisposeAsync();
    }

    [Fact]
    public async Task Resources_are_disposed_once_when_the_last_child_ends_as_the_time_to_close_passes()
    {
        for (var i = 0; i < 2000; i++)
        {
            var time = new ManualTime();
            var end = new TaskCompletionSource();
            var disposals = 0;
            var disposed = new TaskCompletionSource();
            var run = TaskGroup.RunAsync(new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(1), TimeProvider = time }, group =>
            {
                group.Own(new Disposal(() =>
                {
                    Interlocked.Increment(ref disposals);
                    disposed.SetResult();
                }));
                group.Start("slow", Forever.Ignoring(end));
                group.Cancel();
                return Task.CompletedTask;
            });
            var ends = Task.Run(end.SetResult);
            time.Advance(TimeSpan.FromSeconds(1));
            await ends.WithLimit();
            await run.ContinueWith(_ => { }, TaskScheduler.Default).WithLimit();
            await disposed.Task.WithLimit();
            Assert.Equal(1, disposals);
        }
    }
}
