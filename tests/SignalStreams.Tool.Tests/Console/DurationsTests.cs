namespace SignalStreams.Tool.Tests;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("4s", 4000)]
    [InlineData("4", 4000)]
    [InlineData("0.25", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("0s", 0)]
    public void Time_is_read(string text, int milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("4x")]
    [InlineData("-4s")]
    [InlineData("4s1m")]
    [InlineData("4s4s")]
    [InlineData("4ss")]
    [InlineData("1.2.3s")]
    [InlineData("4 s")]
    [InlineData("50d")]
    [InlineData("NaN")]
    [InlineData("1e9")]
    public void What_is_no_time_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("1m30s")]
    [InlineData("500ms")]
    [InlineData("26h")]
    public void Time_is_written_as_it_is_read(string text)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(text, Durations.Format(duration));
    }
}
