namespace SignalStreams.WindowsTests;

/// <summary>A Generic Host that Windows asks to stop.</summary>
public sealed class HostTests
{
    private const string Stopped = "stopping\nworked\nhost is gone\nexiting\n";

    [Theory]
    [InlineData("Close", "CTRL_CLOSE_EVENT")]
    [InlineData("Logoff", "CTRL_LOGOFF_EVENT")]
    [InlineData("Shutdown", "CTRL_SHUTDOWN_EVENT")]
    public async Task Event_after_which_the_system_ends_the_process_waits_for_the_whole_stop(string @event, string signal)
    {
        using var child = await WindowsChild.StartAsync("Host", "1");
        var held = await child.EndByAsync(Enum.Parse<ConsoleEvent>(@event));
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
        await child.WaitForExitAsync();
        Assert.Contains($"Information {signal}", child.Output, StringComparison.Ordinal);
        Assert.Contains("worked\nhost is gone\n", Lines(child.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CtrlC", "SIGINT")]
    [InlineData("Break", "SIGBREAK")]
    public async Task Key_stops_the_host_in_order(string @event, string signal)
    {
        using var child = await WindowsChild.StartAsync("Host", "0.1");
        child.Raise(Enum.Parse<ConsoleEvent>(@event));
        await child.AssertEndsAsync(7);
        Assert.Contains($"Information {signal}", child.Output, StringComparison.Ordinal);
        Assert.EndsWith(Stopped, Lines(child.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CtrlC", "SIGINT")]
    [InlineData("Break", "SIGBREAK")]
    public async Task Exit_by_another_owner_of_the_key_waits_for_the_host_and_the_owner_is_named(string @event, string signal)
    {
        using var child = await WindowsChild.StartAsync("HostWithRival", "0.5");
        await child.HeldAsync(Enum.Parse<ConsoleEvent>(@event));
        await child.AssertEndsAsync(9);
        Assert.Contains("worked\n", child.Output, StringComparison.Ordinal);
        Assert.Contains($"Who else handles {signal}, and may have called it: SignalStreams.WindowsTestProgram.Scenarios (SignalStreams.WindowsTestProgram)", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-console")]
    [InlineData("console")]
    public async Task Taskkill_stops_the_host_in_order(string console)
    {
        using var child = await WindowsChild.StartAsync(console, "Host", "0.1");
        await child.TaskkillAsync();
        await child.AssertEndsAsync(7);
        Assert.Contains("Information SIGTERM from window message: stopping", child.Output, StringComparison.Ordinal);
        Assert.EndsWith(Stopped, Lines(child.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_a_service_waits_for_the_host_and_asks_for_more_time_meanwhile()
    {
        using var service = new WindowsService("HostService");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Stop();
        await service.UntilAsync(() => service.Output.Contains("\nstopping\n", StringComparison.Ordinal), "stop its host");
        Assert.Contains("SIGTERM from service control manager: stopping", service.Output, StringComparison.Ordinal);
        await service.UntilAsync(() => service.Query().CheckPoint > 0, "give a check point");
        var checkPoint = service.Query().CheckPoint;
        await service.UntilAsync(() => service.Query().CheckPoint > checkPoint, "ask for more time while it works");
        service.Tell("end");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.EndsWith(Stopped, Lines(service.Output), StringComparison.Ordinal);
    }

    // What the host logs in between is its own affair.
    private static string Lines(string output) =>
        string.Concat(output.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Information ", StringComparison.Ordinal) && !line.StartsWith("Debug ", StringComparison.Ordinal)).Select(line => $"{line}\n"));
}
