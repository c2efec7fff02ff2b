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
}
