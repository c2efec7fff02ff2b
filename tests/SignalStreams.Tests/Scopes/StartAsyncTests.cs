namespace SignalStreams.Tests.Scopes;

/// <summary>A child that says when it has started.</summary>
public sealed class StartAsyncTests
{
    [Fact]
    public async Task Caller_waits_until_the_child_has_started_and_gets_the_value()
    {
        var gate = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync<int>(async (started, _) =>
            {
                await gate.Task;
                started(8080);
                await end.Task;
            });
            Assert.False(start.IsCompleted);
            gate.SetResult();
            Assert.Equal(8080, await start.WithLimit());
            end.SetResult();
        }).WithLimit();
    }

    [Fact]
    public async Task Child_may_start_without_a_value()
    {
        await TaskGroup.RunAsync(async group =>
        {
            await group.StartAsync("ready", async (started, _) =>
            {
                await Task.Yield();
                started();
            }).WithLimit();
            await group.StartAsync((started, _) =>
            {
                started();
                return Task.CompletedTask;
            }).WithLimit();
        }).WithLimit();
    }

    [Fact]
    public async Task Error_before_it_has_started_goes_to_the_caller_and_the_group_lives()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => group.StartAsync(async (_, _) =>
            {
                await Task.Yield();
                throw new InvalidDataException("no port");
            }).WithLimit());
            Assert.Equal("no port", error.Message);
            Assert.False(group.Token.IsCancellationRequested);
        }).WithLimit();
    }

    [Fact]
    public async Task Error_after_it_has_started_goes_to_the_group()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            await group.StartAsync(async (started, _) =>
            {
                started();
                await Task.Yield();
                throw new InvalidDataException("later");
            });
            await Forever.WaitAsync(group.Token);
        }).WithLimit());
        Assert.Equal("later", Assert.Single(error.InnerExceptions).Message);
    }

    [Fact]
    public async Task Child_that_never_says_so_is_an_error_of_the_caller()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => group.StartAsync((_, _) => Task.CompletedTask).WithLimit());
            Assert.Contains("without saying", error.Message, StringComparison.Ordinal);
            Assert.False(group.Token.IsCancellationRequested);
        }).WithLimit();
    }

    [Fact]
    public async Task Saying_it_twice_is_an_error_of_the_child()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(group => group.StartAsync<int>((started, _) =>
        {
            started(1);
            started(2);
            return Task.CompletedTask;
        })).WithLimit());
        Assert.IsType<InvalidOperationException>(Assert.Single(error.InnerExceptions));
    }

    [Fact]
    public async Task Caller_that_gives_up_waits_until_the_child_has_ended()
    {
        using var caller = new CancellationTokenSource();
        var end = new TaskCompletionSource();
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync(async (_, token) =>
            {
                try
                {
                    await Forever.WaitAsync(token);
                }
                finally
                {
                    await end.Task;
                }
            }, caller.Token);
            await caller.CancelAsync();
            await Task.Yield();
            Assert.False(start.IsCompleted);
            end.SetResult();
            var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
            Assert.Equal(caller.Token, error.CancellationToken);
            Assert.False(group.Token.IsCancellationRequested);
        }).WithLimit();
    }

    [Fact]
    public async Task Child_that_starts_after_the_caller_gave_up_is_cancelled_and_waited_for()
    {
        using var caller = new CancellationTokenSource();
        var wasCancelled = false;
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync(async (started, token) =>
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(token));
                started();
                wasCancelled = token.IsCancellationRequested;
                await Forever.WaitAsync(token);
            }, caller.Token);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
        }).WithLimit();
        Assert.True(wasCancelled);
    }

    [Fact]
    public async Task Error_of_the_clean_up_after_the_caller_gave_up_goes_to_the_caller()
    {
        using var caller = new CancellationTokenSource();
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync(async (_, token) =>
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(token));
                throw new InvalidDataException("clean-up");
            }, caller.Token);
            await caller.CancelAsync();
            await Assert.ThrowsAsync<InvalidDataException>(() => start.WithLimit());
        }).WithLimit();
    }

    [Fact]
    public async Task Token_that_is_cancelled_already_starts_nothing()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var began = false;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => group.StartAsync((started, _) =>
            {
                began = true;
                started();
                return Task.CompletedTask;
            }, new CancellationToken(canceled: true)));
            Assert.False(began);
        }).WithLimit();
    }

    [Fact]
    public async Task Cancelled_group_ends_a_child_that_has_not_started_and_the_wait_for_it()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync((_, token) => Forever.WaitAsync(token));
            group.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
        }).WithLimit();
    }

    [Fact]
    public async Task Child_that_is_cancelled_before_it_has_started_and_ends_quietly_is_a_cancellation()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync(async (_, token) => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Forever.WaitAsync(token)));
            group.Cancel();
            await start;
        }).WithLimit();
    }

    [Fact]
    public async Task Foreign_cancellation_before_it_has_started_reaches_the_caller_whole()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var original = new TaskCanceledException("the request took too long", new TimeoutException());
            var error = await Assert.ThrowsAsync<TaskCanceledException>(() => group.StartAsync((_, _) => throw original).WithLimit());
            Assert.Same(original, error);
        }).WithLimit();
    }

    [Fact]
    public async Task Child_that_has_started_can_be_cancelled_alone()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var port = await group.StartAsync<int>("server", async (started, token) =>
            {
                started(8080);
                await Forever.WaitAsync(token);
            }, out var server).WithLimit();
            Assert.Equal(8080, port);
            Assert.Equal("'server' (Running)", $"{server}");
            server.Cancel("enough");
            await server.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.Equal(TaskHandleStatus.Cancelled, server.Status);
            Assert.False(group.Token.IsCancellationRequested);
        }).WithLimit();
    }

    [Fact]
    public async Task Child_can_be_cancelled_alone_while_it_starts()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync("slow", (_, token) => Forever.WaitAsync(token), out var slow);
            slow.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
            Assert.False(group.Token.IsCancellationRequested);
        }).WithLimit();
    }

    [Fact]
    public async Task Token_that_is_cancelled_already_leaves_no_child()
    {
        await TaskGroup.RunAsync(async group =>
        {
            var start = group.StartAsync<int>("never", (_, _) => throw new InvalidDataException("began"), out var handle, new CancellationToken(canceled: true));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WithLimit());
            Assert.Equal(default, handle);
        }).WithLimit();
    }

    [Fact]
    public async Task Token_of_a_source_that_is_disposed_gives_up_nothing()
    {
        var source = new CancellationTokenSource();
        var token = source.Token;
        source.Dispose();
        await TaskGroup.RunAsync(async group =>
        {
            var port = await group.StartAsync<int>("server", async (started, ofChild) =>
            {
                started(8080);
                await Forever.WaitAsync(ofChild);
            }, token).WithLimit();
            Assert.Equal(8080, port);
            group.Cancel();
        }).WithLimit();
    }
}
