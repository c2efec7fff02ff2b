namespace SignalStreams.Tests.Vocabulary;

public sealed class SignalTableTests
{
    [Theory]
    [InlineData(SIGCHLD, 17, 20)]
    [InlineData(SIGCONT, 18, 19)]
    [InlineData(SIGTSTP, 20, 18)]
    [InlineData(SIGUSR1, 10, 30)]
    [InlineData(SIGUSR2, 12, 31)]
    [InlineData(SIGTERM, 15, 15)]
    public void Number_differs_by_platform(ShutdownSignal signal, int linux, int bsd)
    {
        Assert.Equal(linux, SignalTable.Linux.NumberOf(signal));
        Assert.Equal(bsd, SignalTable.Bsd.NumberOf(signal));
        Assert.Equal(signal, SignalTable.Linux.Normalize((ShutdownSignal)linux));
        Assert.Equal(signal, SignalTable.Bsd.Normalize((ShutdownSignal)bsd));
    }

    [Fact]
    public void Bsd_has_no_real_time_signals()
    {
        Assert.False(SignalTable.Bsd.TryParse("SIGRTMIN+1", out _));
        Assert.Equal(SignalRule.NotOnThisPlatform, SignalTable.Bsd.RuleOf((ShutdownSignal)40));
        Assert.Equal("SIGINFO", SignalTable.Bsd.NameOf((ShutdownSignal)29));
    }

    [Fact]
    public void Windows_knows_the_numbers_of_its_C_runtime()
    {
        Assert.Equal(SIGINT, SignalTable.Windows.Normalize((ShutdownSignal)2));
        Assert.Equal(SIGBREAK, SignalTable.Windows.Normalize((ShutdownSignal)21));
        Assert.Equal(SIGTERM, SignalTable.Windows.Normalize((ShutdownSignal)15));
        Assert.Null(SignalTable.Windows.NumberOf(CTRL_CLOSE_EVENT));
        Assert.Equal(SignalRule.Listen, SignalTable.Windows.RuleOf(SIGHUP));
        Assert.Equal(SignalRule.NotOnThisPlatform, SignalTable.Windows.RuleOf(SIGUSR1));
        Assert.Equal(SignalRule.NotOnThisPlatform, SignalTable.Windows.RuleOf((ShutdownSignal)9));
        Assert.True(SignalTable.Windows.TryParse("CTRL_CLOSE_EVENT", out var close));
        Assert.Equal(CTRL_CLOSE_EVENT, close);
    }

    [Fact]
    public void Every_named_signal_belongs_to_some_platform()
    {
        foreach (var signal in Enum.GetValues<ShutdownSignal>())
        {
            Assert.Contains(
                new[] { SignalTable.Linux, SignalTable.Bsd, SignalTable.Windows },
                table => table.RuleOf(signal) is SignalRule.Listen or SignalRule.SendOnly);
        }
    }

    [Fact]
    public void What_the_runtime_lives_on_is_refused_by_its_rule()
    {
        Assert.All([4, 5, 6, 7, 8, 11], number => Assert.Equal(SignalRule.OwnedByRuntime, SignalTable.Linux.RuleOf((ShutdownSignal)number)));
        Assert.All([4, 5, 6, 8, 10, 11], number => Assert.Equal(SignalRule.OwnedByRuntime, SignalTable.Bsd.RuleOf((ShutdownSignal)number)));
        Assert.All([32, 33, SignalTable.Linux.RealTimeMinimum], number => Assert.Equal(SignalRule.OwnedByRuntime, SignalTable.Linux.RuleOf((ShutdownSignal)number)));
        Assert.Equal(SignalRule.Listen, SignalTable.Linux.RuleOf((ShutdownSignal)(SignalTable.Linux.RealTimeMinimum + 1)));
    }
}
