namespace SignalStreams.Tests.Scopes;

public sealed class RaceTests
{
    [Fact]
    public async Task First_success_wins_and_the_others_are_cancelled_and_waited_for()
    {
        var cleaned = false;
        var end = new TaskCompletionSource();
        var race = TaskGroup.RaceAsync<int>(
            async token =>
            {
                try
                {
                    await Forever.WaitAsync(token);
                }
                finally
                {
                    await end.Task;
                    cleaned = true;
                }

                return 1;
            },
            _ => Task.FromResult(2));
        Assert.False(race.IsCompleted);
        end.SetResult();
        Assert.Equal(2, await race.WithLimit());
        Assert.True(cleaned);
    }

    [Fact]
    public async Task Failure_leaves_the_race_to_the_others()
    {
        Assert.Equal(2, await TaskGroup.RaceAsync<int>(_ => throw new InvalidDataException(), async _ =>
        {
            await Task.Yield();
            return 2;
        }).WithLimit());
    }

    [Fact]
    public async Task When_all_fail_all_errors_come_out()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RaceAsync<int>(
            _ => throw new InvalidDataException("one"),
            _ => throw new InvalidDataException("two")).WithLimit());
        Assert.Equal(["one", "two"], error.InnerExceptions.Select(e => e.Message));
    }

    [Fact]
    public async Task Second_result_is_disposed()
    {
        var gate = new TaskCompletionSource();
        var loser = new Disposal();
        var race = TaskGroup.RaceAsync<Disposal>(
            async _ =>
            {
                await gate.Task;
                return loser;
            },
            _ => Task.FromResult(new Disposal()));
        gate.SetResult();
        Assert.False((await race.WithLimit()).IsDisposed);
        Assert.True(loser.IsDisposed);
    }

    [Fact]
    public async Task Cancelled_caller_ends_the_race()
    {
        using var caller = new CancellationTokenSource();
        var race = TaskGroup.RaceAsync(
            [
                async token =>
                {
                    await Forever.WaitAsync(token);
                    return 1;
                },
            ], caller.Token);
        await caller.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race.WithLimit());
        Assert.Equal(caller.Token, error.CancellationToken);
    }

    [Fact]
    public Task Race_without_attempts_is_refused() => Assert.ThrowsAsync<ArgumentException>(() => TaskGroup.RaceAsync<int>());

    [Fact]
    public async Task Winner_is_not_lost_when_the_caller_is_cancelled_while_the_others_end()
    {
        using var caller = new CancellationTokenSource();
        var end = new TaskCompletionSource();
        var race = TaskGroup.RaceAsync(
            [
                async token =>
                {
                    try
                    {
                        await Forever.WaitAsync(token);
                    }
                    finally
                    {
                        await end.Task;
                    }

                    return 1;
                },
                _ => Task.FromResult(2),
            ], caller.Token);
        await caller.CancelAsync();
        end.SetResult();
        Assert.Equal(2, await race.WithLimit());
    }

    [Fact]
    public async Task Winner_is_not_lost_when_the_result_of_a_loser_cannot_be_disposed()
    {
        var gate = new TaskCompletionSource();
        var winner = new Disposal();
        var race = TaskGroup.RaceAsync<Disposal>(
            async _ =>
            {
                await gate.Task;
                return new Disposal(() => throw new InvalidDataException("disposal"));
            },
            _ => Task.FromResult(winner));
        gate.SetResult();
        Assert.Same(winner, await race.WithLimit());
    }

    [Fact]
    public async Task Attempts_after_one_that_has_won_at_once_are_not_begun()
    {
        var began = false;
        await TaskGroup.RaceAsync(_ => Task.FromResult(1), _ =>
        {
            began = true;
            return Task.FromResult(2);
        }).WithLimit();
        Assert.False(began);
    }
}
