namespace SignalStreams.Processes.Tests;

public sealed class StopRegistryTests
{
    private static readonly StopPlan Patient = StopPlan.Send(SIGTERM, Timeout.InfiniteTimeSpan).Then(SIGQUIT, Timeout.InfiniteTimeSpan);

    private readonly StopRegistry _registry = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_second_stop_escalates_the_first_and_both_get_its_outcome()
    {
        var scope = new FakeScope(7) { Key = 7, OnSend = (_, _) => SendOutcome.Sent };
        var second = new FakeScope(7) { Key = 7 };
        List<StopStep> first = [];
        List<StopStep> told = [];
        var one = StopAsync(scope, Patient, EngineRun.Collect(first));
        await SentAsync(scope, "7 SIGTERM");

        // It is told of after it was sent, and the second caller only of what comes after his call.
        await Until.TrueAsync(() => first.Count == 1, "the first step should be told");
        var two = StopAsync(second, StopPlan.Send(SIGINT, TimeSpan.FromSeconds(1)), EngineRun.Collect(told));
        await SentAsync(scope, "7 SIGTERM", "7 SIGQUIT");
        scope.End(7);
        Assert.Same(await one.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken), await two.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken));
        Assert.Empty(second.Sent);
        Assert.True(second.IsDisposed);
        Assert.True(scope.IsDisposed);
        Assert.Equal([1], told.Select(step => step.Number));
    }

    [Fact]
    public async Task Two_keys_are_two_stops()
    {
        var one = new FakeScope(7) { Key = 7 };
        var two = new FakeScope(8) { Key = 8 };
        var first = StopAsync(one, Patient);
        var second = StopAsync(two, Patient);
        await SentAsync(one, "7 SIGTERM");
        await SentAsync(two, "8 SIGTERM");
        one.End(7);
        two.End(8);
        await Task.WhenAll(first, second).WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_second_caller_who_is_cancelled_just_stops_waiting()
    {
        var scope = new FakeScope(7) { Key = 7, OnSend = (_, _) => SendOutcome.Sent };
        using var cancellation = new CancellationTokenSource();
        var one = StopAsync(scope, Patient);
        await SentAsync(scope, "7 SIGTERM");
        var two = StopUntilAsync(new FakeScope(7) { Key = 7 }, Patient, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        Assert.False(one.IsCompleted);
        scope.End(7);
        Assert.Equal(StopResult.Graceful, (await one.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task A_first_caller_who_is_cancelled_leaves_the_stop_to_the_second()
    {
        var scope = new FakeScope(7) { Key = 7, OnSend = (_, _) => SendOutcome.Sent };
        using var cancellation = new CancellationTokenSource();
        var one = StopUntilAsync(scope, Patient, cancellation.Token);
        await SentAsync(scope, "7 SIGTERM");
        var two = StopAsync(new FakeScope(7) { Key = 7 }, Patient);
        await SentAsync(scope, "7 SIGTERM", "7 SIGQUIT");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(two.IsCompleted);
        scope.End(7);
        Assert.Equal(StopResult.Graceful, (await two.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task The_last_caller_who_is_cancelled_ends_the_stop_and_a_new_one_begins_anew()
    {
        var scope = new FakeScope(7) { Key = 7 };
        using var cancellation = new CancellationTokenSource();
        var one = StopUntilAsync(scope, Patient, cancellation.Token);
        await SentAsync(scope, "7 SIGTERM");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.True(scope.IsDisposed);
        var again = new FakeScope(7) { Key = 7 };
        var two = StopAsync(again, Patient);
        await SentAsync(again, "7 SIGTERM");
        again.End(7);
        await two.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(["7 SIGTERM"], scope.Sent);
    }

    [Fact]
    public async Task A_token_that_was_cancelled_before_sends_and_escalates_nothing()
    {
        var scope = new FakeScope(7) { Key = 7 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StopUntilAsync(scope, Patient, new(canceled: true)));
        Assert.Empty(scope.Sent);
        Assert.True(scope.IsDisposed);
    }

    [Fact]
    public async Task An_error_of_the_scope_reaches_the_callers_and_leaves_nothing_behind()
    {
        var scope = new FakeScope(7) { Key = 7, OnLook = () => throw new IOException("thrown by a test") };
        await Assert.ThrowsAsync<IOException>(() => StopAsync(scope, Patient));
        Assert.True(scope.IsDisposed);
        var again = new FakeScope() { Key = 7 };
        Assert.Equal(StopResult.AlreadyGone, (await StopAsync(again, Patient)).Result);
    }

    private static Task SentAsync(FakeScope scope, params string[] expected) =>
        Until.TrueAsync(() => scope.Sent.SequenceEqual(expected), $"should have been sent: {string.Join(", ", expected)}");

    private Task<StopOutcome> StopAsync(FakeScope scope, StopPlan plan, IProgress<StopStep>? progress = null) =>
        _registry.StopAsync(scope, plan, progress, _time, TestContext.Current.CancellationToken);

    private Task<StopOutcome> StopUntilAsync(FakeScope scope, StopPlan plan, CancellationToken cancellationToken) =>
        _registry.StopAsync(scope, plan, null, _time, cancellationToken);
}
