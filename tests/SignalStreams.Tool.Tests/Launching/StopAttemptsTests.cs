namespace SignalStreams.Tool.Tests;

public sealed class StopAttemptsTests
{
    [Fact]
    public void The_same_signal_at_once_counts_once_and_a_hang_up_never_hurries()
    {
        var attempts = new StopAttempts(new ManualTime());
        static long At(double seconds) => TimeSpan.FromSeconds(seconds).Ticks;
        Assert.Equal(1, attempts.Next(SIGINT, At(1)));
        Assert.Equal(0, attempts.Next(SIGINT, At(1.05)));
        Assert.Equal(0, attempts.Next(SIGHUP, At(1.06)));
        Assert.Equal(2, attempts.Next(SIGINT, At(1.2)));
        Assert.Equal(3, attempts.Next(SIGTERM, At(1.21)));
    }

    [Fact]
    public void A_hang_up_begins_a_stop() => Assert.Equal(1, new StopAttempts(new ManualTime()).Next(SIGHUP, 0));
}
