using Microsoft.Win32;

namespace SignalStreams.WindowsTests;

/// <summary>Time limits that the user, or the machine, has set. Alone: all programs read them.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RegistryTests
{
    private const string Name = "Changes the registry";
    private const string Desktop = @"HKEY_CURRENT_USER\Control Panel\Desktop";
    private const string Control = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control";

    [Theory]
    [InlineData("HungAppTimeout", ConsoleEvent.Close, "CTRL_CLOSE_EVENT")]
    [InlineData("WaitToKillAppTimeout", ConsoleEvent.Logoff, "CTRL_LOGOFF_EVENT")]
    [InlineData("WaitToKillAppTimeout", ConsoleEvent.Shutdown, "CTRL_SHUTDOWN_EVENT")]
    public async Task End_is_held_for_as_long_as_the_registry_says(string value, object @event, string name)
    {
        using var _ = Set(Desktop, value, "2500");
        using var child = await WindowsChild.StartAsync("Receive", name, "30");
        var held = await child.EndByAsync((ConsoleEvent)@event);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(2.2), TimeSpan.FromSeconds(4.7));
        await child.WaitForExitAsync();
        Assert.Contains("report HoldEnded\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "20 s")]
    [InlineData("7000", "7 s")]
    public async Task Service_has_the_time_that_the_machine_gives_to_services(string? value, string expected)
    {
        using var _ = Set(Control, "WaitToKillServiceTimeout", value);
        using var service = new WindowsService("Service", "0");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        service.Tell("end");
        Assert.Contains($"budget {expected} ", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_a_service_is_not_limited_by_the_time_that_the_machine_gives_at_its_own_end()
    {
        using var _ = Set(Control, "WaitToKillServiceTimeout", "2000");
        using var service = new WindowsService("ServiceLongHandler");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Stop();

        // One for each second.
        await service.UntilAsync(() => service.Query().CheckPoint > 4, "ask for more time while it works");
        service.Tell("end");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Contains("ready\nhandler\nhandler has worked\n", service.Output, StringComparison.Ordinal);
    }

    private static Restore Set(string key, string name, string? value)
    {
        WindowsChild.SkipElsewhere();
        Assert.SkipUnless(WindowsChild.IsWine, "NOT RUN: the registry of a real machine is left as it is.");
        return new Restore(key, name, value);
    }

    private sealed class Restore : IDisposable
    {
        private readonly string _key;
        private readonly string _name;
        private readonly object? _before;

        public Restore(string key, string name, string? value)
        {
            (_key, _name, _before) = (key, name, Registry.GetValue(key, name, null));
            Write(value);
        }

        public void Dispose() => Write(_before);

        private void Write(object? value)
        {
            if (value is not null)
            {
                Registry.SetValue(_key, _name, value);
                return;
            }

            var (hive, path) = _key.StartsWith("HKEY_CURRENT_USER", StringComparison.Ordinal) ? (Registry.CurrentUser, _key["HKEY_CURRENT_USER\\".Length..]) : (Registry.LocalMachine, _key["HKEY_LOCAL_MACHINE\\".Length..]);
            using var key = hive.OpenSubKey(path, writable: true);
            key?.DeleteValue(_name, throwOnMissingValue: false);
        }
    }
}
