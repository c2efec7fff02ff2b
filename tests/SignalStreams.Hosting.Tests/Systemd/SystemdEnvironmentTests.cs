using System.Globalization;

namespace SignalStreams.Hosting.Tests;

/// <summary>What the variables of the service manager mean.</summary>
public sealed class SystemdEnvironmentTests
{
    [Theory]
    [InlineData("10000000", null, 10.0)]
    [InlineData("10000000", "", 10.0)]
    [InlineData("10000000", "7", 10.0)]
    [InlineData("10000000", "8", null)]
    [InlineData("10000000", "seven", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("18446744073709551615", null, null)]
    [InlineData("9223372036854775807", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, "7", null)]
    public void The_watchdog_is_on_when_it_has_a_time_and_means_this_process(string? time, string? process, double? seconds)
    {
        var found = Read(name => name switch
        {
            "WATCHDOG_USEC" => time,
            "WATCHDOG_PID" => process,
            _ => null,
        });
        Assert.Equal(seconds, found.Watchdog?.TotalSeconds);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("7", null)]
    [InlineData("5", 7)]
    [InlineData("6", null)]
    [InlineData("1", null)]
    public void The_main_process_is_told_when_systemd_has_started_one_above_it(string? first, int? told)
    {
        var found = Read(name => name == "SYSTEMD_EXEC_PID" ? first : null);
        Assert.Equal(told, found.MainProcess);
    }

    [Fact]
    public void The_parent_is_above_this_process_and_a_process_that_does_not_exist_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is looked at.");
        var status = File.ReadAllLines("/proc/self/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal));
        Assert.True(SystemdAncestor.Find(int.Parse(status["PPid:".Length..], CultureInfo.InvariantCulture)));
        Assert.False(SystemdAncestor.Find(Environment.ProcessId));
        Assert.False(SystemdAncestor.Find(int.MaxValue));
    }

    // Process 5 is above process 7.
    private static SystemdEnvironment Read(Func<string, string?> variable) => SystemdEnvironment.Read("/run/systemd/notify", variable, 7, process => process is 5 or 1);
}
