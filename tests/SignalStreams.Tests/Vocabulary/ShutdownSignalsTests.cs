using System.Runtime.InteropServices;

namespace SignalStreams.Tests.Vocabulary;

public sealed class ShutdownSignalsTests
{
    [Theory]
    [InlineData("TERM", SIGTERM)]
    [InlineData("SIGTERM", SIGTERM)]
    [InlineData("sigterm", SIGTERM)]
    [InlineData(" Term ", SIGTERM)]
    [InlineData("15", SIGTERM)]
    [InlineData("1", SIGHUP)]
    [InlineData("USR1", SIGUSR1)]
    [InlineData("10", SIGUSR1)]
    [InlineData("SIGCLD", SIGCHLD)]
    [InlineData("CLD", SIGCHLD)]
    [InlineData("CTRL_C_EVENT", SIGINT)]
    [InlineData("CTRL_BREAK_EVENT", SIGQUIT)]
    [InlineData("CTRL_CLOSE_EVENT", CTRL_CLOSE_EVENT)]
    [InlineData("KILL", SIGKILL)]
    [InlineData("11", (ShutdownSignal)11)]
    [InlineData("SIGSEGV", (ShutdownSignal)11)]
    [InlineData("SIGIOT", (ShutdownSignal)6)]
    public void Usual_form_is_parsed(string text, ShutdownSignal expected)
    {
        LinuxOnly();
        Assert.True(ShutdownSignals.TryParse(text, out var signal));
        Assert.Equal(expected, signal);
        Assert.Equal(expected, ShutdownSignals.Parse(text));
    }

    [Theory]
    [InlineData("SIGRTMIN", 0)]
    [InlineData("RTMIN+3", 3)]
    [InlineData("sigrtmin+3", 3)]
    public void Real_time_name_counts_from_the_minimum_of_the_C_library(string text, int offset)
    {
        LinuxOnly();
        Assert.Equal(SignalTable.Linux.RealTimeMinimum + offset, (int)ShutdownSignals.Parse(text));
    }

    [Theory]
    [InlineData("SIGRTMAX", 0)]
    [InlineData("RTMAX-1", 1)]
    public void Real_time_name_counts_down_from_64(string text, int offset)
    {
        LinuxOnly();
        Assert.Equal(64 - offset, (int)ShutdownSignals.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("SIG")]
    [InlineData("SIGSIGTERM")]
    [InlineData("TERMINATE")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-4")]
    [InlineData("+15")]
    [InlineData("1,5")]
    [InlineData("15 15")]
    [InlineData("99999999999999999999")]
    [InlineData("SIGRTMIN+31")]
    [InlineData("SIGRTMIN-1")]
    [InlineData("SIGRTMIN+")]
    [InlineData("SIGRTMIN+-1")]
    [InlineData("SIGRTMAX+1")]
    [InlineData("RTMIN+2000000000")]
    [InlineData("SIGAVERYLONGNAMETHATISLONGERTHANANYSIGNALHAS")]
    public void Anything_else_is_not_parsed(string? text)
    {
        LinuxOnly();
        Assert.False(ShutdownSignals.TryParse(text, out var signal));
        Assert.Equal(default, signal);
        if (text is not null)
        {
            var error = Assert.Throws<FormatException>(() => ShutdownSignals.Parse(text));
            Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_name_is_parsed_from_what_is_printed()
    {
        LinuxOnly();
        for (var number = 1; number <= 64; number++)
        {
            var signal = ((ShutdownSignal)number).Normalize();
            Assert.Equal(signal, ShutdownSignals.Parse(signal.GetName()));
        }
    }

    [Theory]
    [InlineData(SIGTERM, "SIGTERM", 15)]
    [InlineData(SIGHUP, "SIGHUP", 1)]
    [InlineData(SIGUSR2, "SIGUSR2", 12)]
    [InlineData((ShutdownSignal)15, "SIGTERM", 15)]
    [InlineData((ShutdownSignal)11, "SIGSEGV", 11)]
    [InlineData((ShutdownSignal)64, "SIGRTMIN+30", 64)]
    public void Name_number_and_exit_code_are_those_of_the_platform(ShutdownSignal signal, string name, int number)
    {
        LinuxOnly();
        Assert.SkipUnless(SignalTable.Linux.RealTimeMinimum == 34, "The names of real-time signals are those of glibc.");
        Assert.Equal(name, signal.GetName());
        Assert.Equal(number, signal.GetNumber());
        Assert.Equal(128 + number, signal.GetExitCode());
    }

    [Fact]
    public void Signal_of_another_platform_has_a_name_but_no_number()
    {
        LinuxOnly();
        Assert.Equal("SIGBREAK", SIGBREAK.GetName());
        var error = Assert.Throws<PlatformNotSupportedException>(() => SIGBREAK.GetNumber());
        Assert.Contains("SIGBREAK", error.Message, StringComparison.Ordinal);
        Assert.Contains("SIGTERM", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_those_of_PosixSignal_where_it_has_them()
    {
        foreach (var posix in Enum.GetValues<PosixSignal>())
        {
            Assert.Equal((int)posix, (int)Enum.Parse<ShutdownSignal>(posix.ToString()));
            if (ShutdownSignals.IsSupported(ShutdownSignals.FromPosixSignal(posix)))
            {
                Assert.Equal(posix, ShutdownSignals.FromPosixSignal(posix).ToPosixSignal());
            }
        }
    }

    [Fact]
    public void Signal_without_a_name_in_PosixSignal_becomes_its_number()
    {
        LinuxOnly();
        Assert.Equal((PosixSignal)10, SIGUSR1.ToPosixSignal());
        Assert.Equal((PosixSignal)9, SIGKILL.ToPosixSignal());
        Assert.Equal(SIGUSR1, ShutdownSignals.FromPosixSignal((PosixSignal)10));
        Assert.Equal(SIGTERM, ShutdownSignals.FromPosixSignal((PosixSignal)15));
        Assert.Equal(SIGKILL, ShutdownSignals.FromPosixSignal((PosixSignal)(-11)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShutdownSignals.FromPosixSignal(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShutdownSignals.FromPosixSignal((PosixSignal)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShutdownSignals.FromPosixSignal((PosixSignal)(-99)));
    }

    [Fact]
    public void Terminating_signals_are_supported()
    {
        Assert.NotEmpty(ShutdownSignals.Terminating);
        Assert.All(ShutdownSignals.Terminating, signal => Assert.True(ShutdownSignals.IsSupported(signal)));
    }

    [Theory]
    [InlineData(SIGKILL)]
    [InlineData(SIGSTOP)]
    [InlineData(SIGPIPE)]
    [InlineData(SIGBREAK)]
    [InlineData((ShutdownSignal)11)]
    [InlineData((ShutdownSignal)32)]
    [InlineData((ShutdownSignal)65)]
    [InlineData((ShutdownSignal)0)]
    [InlineData((ShutdownSignal)(-500))]
    public void What_cannot_be_listened_to_is_not_supported(ShutdownSignal signal)
    {
        LinuxOnly();
        Assert.False(ShutdownSignals.IsSupported(signal));
    }

    private static void LinuxOnly() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers are those of Linux.");
}
