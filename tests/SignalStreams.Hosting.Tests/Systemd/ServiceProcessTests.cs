using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Hosting.Tests;

/// <summary>A real process that is told of a socket by its environment, and gets a real signal.</summary>
public sealed class ServiceProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_service_says_ready_drains_at_a_signal_and_ends_with_zero()
    {
        using var manager = new FakeServiceManager(isAbstract: true);
        using var folder = new UnitFolder();
        folder.Write("go");
        using var service = Start(folder, manager, "1", ("WATCHDOG_USEC", "1000000000"));
        Assert.Equal("READY=1", manager.Next());

        // From a callback at the start, and from a health check: in any order.
        Assert.Equal(["STATUS=serving", "WATCHDOG=1"], ((string[])[manager.Next(), manager.Next()]).Order(StringComparer.Ordinal));

        await service.SignalAsync("TERM");
        Assert.Equal(["STOPPING=1\nSTATUS=draining", "EXTEND_TIMEOUT_USEC=30000000", "STATUS=stopping", "STATUS=stopped"], manager.Until(message => message == "STATUS=stopped"));
        Assert.Equal(0, await service.WaitForExitAsync());
    }

    [Fact]
    public async Task No_child_inherits_the_socket_and_the_watchdog()
    {
        using var manager = new FakeServiceManager();
        using var folder = new UnitFolder();
        folder.Write("go");
        using var service = Start(folder, manager, "0", ("WATCHDOG_USEC", "1000000000"), ("WATCHDOG_PID", ""), ("X_KEPT", "yes"));
        manager.Until(message => message == "READY=1");
        foreach (var child in (string[])["environment-of-child", "environment-of-native-child"])
        {
            Assert.Contains("X_KEPT=yes", folder.Read(child), StringComparison.Ordinal);
            Assert.DoesNotContain("NOTIFY_SOCKET", folder.Read(child), StringComparison.Ordinal);
            Assert.DoesNotContain("WATCHDOG", folder.Read(child), StringComparison.Ordinal);
        }
    }

    private static ServiceProcess Start(UnitFolder folder, FakeServiceManager manager, string drainDelay, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("env", ["--default-signal", UnitFolder.HostProgram, "Unit", folder.Path, drainDelay]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["NOTIFY_SOCKET"] = manager.Address;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    // Whatever becomes of the test, the process does not outlive it.
    private sealed class ServiceProcess(Process process) : IDisposable
    {
        public async Task SignalAsync(string signal)
        {
            using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, kill.ExitCode);
        }

        public async Task<int> WaitForExitAsync()
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            return process.ExitCode;
        }

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
