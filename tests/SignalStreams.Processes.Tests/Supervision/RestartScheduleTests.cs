namespace SignalStreams.Processes.Tests;

public sealed class RestartScheduleTests
{
    private static readonly RestartPolicy Policy = RestartPolicy.OnFailure with { Jitter = 0 };

    [Fact]
    public void Pauses_grow_by_the_factor_up_to_the_longest()
    {
        var schedule = new RestartSchedule(Policy with { Backoff = TimeSpan.FromSeconds(1), BackoffFactor = 3, MaxBackoff = TimeSpan.FromSeconds(10) }, () => 0.5);
        Assert.Equal([1, 3, 9, 10, 10], Enumerable.Range(0, 5).Select(_ => Fail(schedule)!.Value.TotalSeconds));
    }

    [Fact]
    public void After_a_thousand_failures_the_pause_is_still_the_longest()
    {
        var schedule = new RestartSchedule(Policy, () => 0.5);
        Assert.Equal(TimeSpan.FromMinutes(1), Enumerable.Range(0, 2000).Select(_ => Fail(schedule)).ToList()[^1]);
    }

    [Theory]
    [InlineData(0.0, 0.9)]
    [InlineData(0.5, 1.0)]
    [InlineData(1.0, 1.1)]
    public void Jitter_moves_a_pause_by_half_of_it_both_ways(double random, double seconds) =>
        Assert.Equal(seconds, Fail(new RestartSchedule(Policy with { Jitter = 0.2 }, () => random))!.Value.TotalSeconds, 3);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.25)]
    [InlineData(0.75)]
    [InlineData(1.0)]
    public void At_the_longest_pause_jitter_still_spreads_and_never_lengthens(double random)
    {
        var pause = Fail(new RestartSchedule(Policy with { Jitter = 0.2, Backoff = TimeSpan.FromMinutes(1) }, () => random))!.Value;
        Assert.Equal(60 - (12 * Math.Abs(random - 0.5)), pause.TotalSeconds, 3);
    }

    [Fact]
    public void A_long_run_resets_pause_and_count()
    {
        var schedule = new RestartSchedule(Policy with { MaxRestarts = 2 }, () => 0.5);
        Assert.Equal(1, Fail(schedule)!.Value.TotalSeconds);
        Assert.Equal(2, Fail(schedule)!.Value.TotalSeconds);
        Assert.Equal(1, schedule.Next(hasFailed: true, TimeSpan.FromSeconds(10))!.Value.TotalSeconds);
        Assert.Equal(2, Fail(schedule)!.Value.TotalSeconds);
        Assert.Null(Fail(schedule));
    }

    [Fact]
    public void No_backoff_restarts_at_once() =>
        Assert.Equal(TimeSpan.Zero, Fail(new RestartSchedule(Policy with { Backoff = TimeSpan.Zero, BackoffFactor = 1e300 }, () => 1)));

    [Theory]
    [InlineData(RestartWhen.Never, true, false)]
    [InlineData(RestartWhen.Never, false, false)]
    [InlineData(RestartWhen.OnFailure, true, true)]
    [InlineData(RestartWhen.OnFailure, false, false)]
    [InlineData(RestartWhen.Always, true, true)]
    [InlineData(RestartWhen.Always, false, true)]
    public void The_policy_says_after_which_ends(RestartWhen when, bool hasFailed, bool restarts) =>
        Assert.Equal(restarts, new RestartSchedule(Policy with { When = when }, () => 0.5).Next(hasFailed, TimeSpan.Zero) is not null);

    private static TimeSpan? Fail(RestartSchedule schedule) => schedule.Next(hasFailed: true, TimeSpan.Zero);
}
