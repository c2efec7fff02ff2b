namespace SignalStreams.Tests.Scopes;

/// <summary>Children that do not end when they are told to.</summary>
public sealed class CloseTimeoutTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Group_gives_up_and_names_those_who_still_run_and_for_how_long()
    {
        var end = new TaskCompletionSource();
        TaskGroup? group = null;
        var run = TaskGroup.RunAsync(Options(), body =>
        {
            group = body;
            body.Start("deaf", Forever.Ignoring(end));
            body.Start("obedient", Forever.WaitAsync);
            return Task.CompletedTask;
        });
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(run.IsCompleted);
        group!.Cancel();
        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<ShutdownTimeoutException>(() => run.WithLimit());
        Assert.Equal([new RunningTask("deaf", TimeSpan.FromSeconds(12))], error.Tasks);
        Assert.Contains("'deaf' (for 12 s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 s after it was cancelled", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => group.Start(_ => Task.CompletedTask));
        end.SetResult();
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Deaf_body_is_named_too()
    {
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(Options(), group =>
        {
            group.Cancel();
            return end.Task;
        });
        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<ShutdownTimeoutException>(() => run.WithLimit());
        Assert.Equal("body", Assert.Single(error.Tasks).Name);
        end.SetResult();
    }

    [Fact]
    public async Task Without_a_cancellation_there_is_no_limit()
    {
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(Options(), group =>
        {
            group.Start(Forever.Ignoring(end));
            return Task.CompletedTask;
        });
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(run.IsCompleted);
        end.SetResult();
        await run.WithLimit();
    }

    [Fact]
    public async Task Errors_come_out_with_the_timeout()
    {
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(Options(), group =>
        {
            group.Start("deaf", Forever.Ignoring(end));
            throw new InvalidDataException("body");
        });
        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<AggregateException>(() => run.WithLimit());
        Assert.Equal([typeof(InvalidDataException), typeof(ShutdownTimeoutException)], error.InnerExceptions.Select(e => e.GetType()));
        end.SetResult();
    }

    [Fact]
    public async Task Error_of_one_who_was_given_up_is_reported_and_its_resources_are_disposed_in_the_end()
    {
        using var reports = new Reports();
        var text = Reports.UniqueText();
        var end = new TaskCompletionSource();
        var resource = new Disposal();
        var run = TaskGroup.RunAsync(Options(), group =>
        {
            group.Own(resource);
            group.Start("deaf", Forever.Ignoring(end));
            group.Cancel();
            return Task.CompletedTask;
        });
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<ShutdownTimeoutException>(() => run.WithLimit());
        Assert.False(resource.IsDisposed);
        end.SetException(new InvalidDataException(text));
        Assert.Equal("TaskGroup", (await reports.FailureAsync(text)).Surface);
        await Patience.UntilAsync(() => resource.IsDisposed, "the resource to be disposed");
    }

    private TaskGroupOptions Options() => new() { CloseTimeout = TimeSpan.FromSeconds(2), TimeProvider = _time };

    [Fact]
    public async Task Time_to_close_that_passed_before_the_body_began_begins_anew()
    {
        var end = new TaskCompletionSource();
        var hasty = new HastyTime();
        var options = new TaskGroupOptions { CloseTimeout = TimeSpan.Zero, TimeProvider = hasty };
        var run = TaskGroup.RunAsync(options, _ => end.Task, new CancellationToken(canceled: true));
        var error = await Assert.ThrowsAsync<ShutdownTimeoutException>(() => run.WithLimit());
        Assert.Equal("body", Assert.Single(error.Tasks).Name);
        end.SetResult();
    }

    // Calls back before CreateTimer returns, as a clock of a test may.
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return new ManualTime().CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, period);
        }
    }
}
