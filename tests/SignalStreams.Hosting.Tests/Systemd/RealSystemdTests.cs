namespace SignalStreams.Hosting.Tests;

/// <summary>What the real systemd makes of what it is told.</summary>
public sealed class RealSystemdTests
{
    private const string Notify = "Type=notify\nTimeoutStartSec=60";

    [Fact]
    public async Task The_unit_is_active_at_ready_and_shows_the_status_and_a_stop_takes_its_drain_beyond_the_units_own_time()
    {
        using var folder = new UnitFolder();
        await using var systemd = await RealSystemd.StartAsync(folder, $"{Notify}\nTimeoutStopSec=3", drainDelay: "5");
        await systemd.ControlAsync("start", "--no-block", "service");
        await systemd.UntilAsync("ActiveState", "activating");
        while (!File.Exists(folder["environment-of-native-child"]))
        {
            await systemd.UntilAsync("ActiveState", "activating");
        }

        folder.Write("go");
        await systemd.UntilAsync("ActiveState", "active");
        await systemd.UntilAsync("StatusText", "serving");

        await systemd.ControlAsync("stop", "--no-block", "service");
        await systemd.UntilAsync("StatusText", "draining");
        await systemd.UntilAsync("ActiveState", "inactive");
        Assert.Equal("success", await systemd.ShowAsync("Result"));
    }

    [Fact]
    public async Task A_reload_waits_for_ready()
    {
        using var folder = new UnitFolder();
        folder.Write("go");
        await using var systemd = await RealSystemd.StartAsync(folder, "Type=notify-reload", version: 253);
        await systemd.ControlAsync("start", "service");
        using (var reload = systemd.BeginControl("reload", "service"))
        {
            await systemd.UntilAsync("StatusText", "reloading");
            Assert.Equal("reloading", await systemd.ShowAsync("ActiveState"));
            Assert.False(reload.HasExited);
            folder.Write("reloaded");
            await RealSystemd.EndControlAsync(reload);
            Assert.Equal(0, reload.ExitCode);
        }

        Assert.Equal("active", await systemd.ShowAsync("ActiveState"));
        Assert.Equal("serving", await systemd.ShowAsync("StatusText"));

        folder.Write("bad");
        await systemd.ControlAsync("reload", "service");
        Assert.Equal("reload refused: it is bad", await systemd.ShowAsync("StatusText"));
        Assert.Equal("active", await systemd.ShowAsync("ActiveState"));
    }

    [Theory]
    [InlineData("sick")]
    [InlineData("deaf")]
    public async Task A_service_that_is_unhealthy_or_hangs_is_started_anew_by_the_watchdog(string how)
    {
        using var folder = new UnitFolder();
        folder.Write("go");
        await using var systemd = await RealSystemd.StartAsync(folder, $"{Notify}\nWatchdogSec=4\nWatchdogSignal=SIGKILL\nRestart=on-watchdog\nRestartSec=0");
        await systemd.ControlAsync("start", "service");

        // Longer than the watchdog waits: healthy, it lives.
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal("0", await systemd.ShowAsync("NRestarts"));

        folder.Write(how);
        await systemd.UntilAsync("NRestarts", "1");
        folder.Delete(how);
        await systemd.UntilAsync("ActiveState", "active");
    }

    [Fact]
    public async Task A_service_behind_a_shell_is_taken_for_the_main_process()
    {
        using var folder = new UnitFolder();
        folder.Write("go");
        await using var systemd = await RealSystemd.StartAsync(folder, $"{Notify}\nNotifyAccess=all\nExecStart=\nExecStart=/bin/sh -c 'PROGRAM; true'");
        await systemd.ControlAsync("start", "service");
        var main = await systemd.ShowAsync("MainPID");
        Assert.Contains("HostProgram", await systemd.ControlAsync("status", "--no-pager", "--full", "service"), StringComparison.Ordinal);
        Assert.Contains($"Main PID: {main} (SignalStreams.H", await systemd.ControlAsync("status", "--no-pager", "service"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_fails_to_start_fails_the_unit_and_leaves_its_status()
    {
        using var folder = new UnitFolder();
        folder.Write("fail");
        await using var systemd = await RealSystemd.StartAsync(folder, Notify);
        await systemd.ControlAsync("start", "service");
        Assert.Equal("failed", await systemd.ShowAsync("ActiveState"));
        Assert.Equal("the host did not start", await systemd.ShowAsync("StatusText"));
    }
}
