namespace SignalStreams.Tests.Scopes;

public sealed class DeadlineTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Default_is_never()
    {
        Assert.Equal(Deadline.Never, default);
        Assert.True(Deadline.Never.IsNever);
        Assert.False(Deadline.Never.HasPassed(_time));
        Assert.Equal(Timeout.InfiniteTimeSpan, Deadline.Never.Remaining(_time));
        Assert.Equal("never", Deadline.Never.ToString());
    }

    [Fact]
    public void Passed_has_passed_on_every_clock()
    {
        Assert.True(Deadline.Passed.HasPassed(_time));
        Assert.True(Deadline.Passed.HasPassed());
        Assert.Equal(TimeSpan.Zero, Deadline.Passed.Remaining(_time));
        Assert.Equal("passed", Deadline.Passed.ToString());
    }

    [Fact]
    public void Remaining_counts_down_to_zero()
    {
        var deadline = Deadline.After(TimeSpan.FromSeconds(2), _time);
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.Remaining(_time));
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), deadline.Remaining(_time));
        Assert.False(deadline.HasPassed(_time));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(deadline.HasPassed(_time));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_time));
    }

    [Fact]
    public void Delay_of_nothing_means_never()
    {
        Assert.True(Deadline.After(null, _time).IsNever);
        Assert.True(Deadline.After(Timeout.InfiniteTimeSpan, _time).IsNever);
        Assert.True(Deadline.After(TimeSpan.MaxValue, _time).IsNever);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Delay_of_zero_or_less_has_passed(int seconds) => Assert.True(Deadline.After(TimeSpan.FromSeconds(seconds), _time).HasPassed(_time));

    [Fact]
    public void Deadlines_are_ordered_by_time()
    {
        var early = Deadline.After(TimeSpan.FromSeconds(1), _time);
        var late = Deadline.After(TimeSpan.FromSeconds(2), _time);
        Assert.True(early < late && late > early && early <= late && late >= early);
        Assert.True(late < Deadline.Never && Deadline.Passed < early);
        Assert.Equal([Deadline.Passed, early, late, Deadline.Never], new[] { late, Deadline.Never, Deadline.Passed, early }.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(2500)]
    public void Deadline_has_passed_to_the_tick_on_a_clock_that_began_long_ago(int milliseconds)
    {
        _time.Advance(TimeSpan.FromDays(365 * 2000));
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        var deadline = Deadline.After(delay, _time);
        _time.Advance(delay - TimeSpan.FromTicks(1));
        Assert.False(deadline.HasPassed(_time));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(deadline.HasPassed(_time));
    }
}
