using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.WindowsTests;

/// <summary>A service, by the service control manager.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Stop_is_sigterm_and_the_manager_waits_for_what_follows()
    {
        using var service = new WindowsService("Service", "0");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        Assert.Contains("service controls", service.Output, StringComparison.Ordinal);
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Stop();
        await service.UntilAsync(() => service.Output.Contains("got SIGTERM from service control manager", StringComparison.Ordinal), "be asked");
        Assert.Equal(ServiceState.StopPending, service.Query().State);
        await service.UntilAsync(() => service.Query().CheckPoint > 0, "give a check point");
        var checkPoint = service.Query().CheckPoint;
        await service.UntilAsync(() => service.Query().CheckPoint > checkPoint, "ask for more time while it works");
        service.Tell("end");
        await service.UntilAsync(() => service.Output.Contains("worked", StringComparison.Ordinal), "work to the end");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Contains("exiting", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_code_of_a_service_is_told_to_the_manager()
    {
        using var service = new WindowsService("Service", "42");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Tell("end");
        service.Stop();
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Equal((1066u, 42u), (service.Query().ExitCode, service.Query().SpecificExitCode));
    }

    [Fact]
    public async Task Exit_handlers_of_a_service_run_and_the_end_as_asked_is_no_failure()
    {
        using var service = new WindowsService("ServiceHandlers");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Stop();
        await service.UntilAsync(() => service.Output.Contains("handler after SIGTERM", StringComparison.Ordinal), "clean up");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Equal(0u, service.Query().ExitCode);
    }

    // No program can send these two: the manager sends them when the system ends.
    [Theory]
    [InlineData("5")]
    [InlineData("15")]
    public async Task Shutdown_and_preshutdown_are_held_by_check_points_until_the_work_is_done(string control)
    {
        using var service = new WindowsService("ServiceControl", control);
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Tell("go");
        await service.UntilAsync(() => service.Output.Contains("handler says 0\ngot CTRL_SHUTDOWN_EVENT from service control manager", StringComparison.Ordinal), "be asked");
        Assert.Equal(ServiceState.StopPending, service.Query().State);
        var checkPoint = service.Query().CheckPoint;
        await service.UntilAsync(() => service.Query().CheckPoint > checkPoint, "ask for more time while it works");
        service.Tell("end");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Contains("worked\nexiting\n", service.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("handler")]
    public async Task Crash_of_a_service_is_left_to_the_manager_to_find(params string[] handler)
    {
        using var service = new WindowsService("ServiceCrash", handler);
        service.Start();
        await service.UntilAsync(() => service.Output.EndsWith('\n'), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        using var process = Process.GetProcessById(int.Parse(service.Output["ready ".Length..], CultureInfo.InvariantCulture));
        service.Tell("go");
        await service.UntilAsync(() => process.HasExited, "have ended");
        Assert.Equal(handler.Length > 0, service.Output.Contains("handler after It fails.\n", StringComparison.Ordinal));
        if (WindowsChild.IsWine)
        {
            // Its manager looks after no process, and goes by what it was told.
            Assert.Equal(ServiceState.Running, service.Query().State);
        }
        else
        {
            await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be found");
            Assert.Equal(1067u, service.Query().ExitCode);
        }
    }

    [Fact]
    public async Task Exit_handler_of_a_service_that_takes_longer_than_a_program_has_is_waited_for()
    {
        using var service = new WindowsService("ServiceLongHandler");
        service.Start();
        await service.UntilAsync(() => service.Output.Contains("ready", StringComparison.Ordinal), "be ready");
        await service.UntilAsync(() => service.Query().State == ServiceState.Running, "be running");
        service.Stop();
        await service.UntilAsync(() => service.Output.Contains("handler", StringComparison.Ordinal), "clean up");

        // One for each second.
        await service.UntilAsync(() => service.Query().CheckPoint > WindowsChild.SystemLimit.TotalSeconds + 1, "ask for more time while it works");
        Assert.Equal(ServiceState.StopPending, service.Query().State);
        service.Tell("end");
        await service.UntilAsync(() => service.Query().State == ServiceState.Stopped, "be stopped");
        Assert.Contains("ready\nhandler\nhandler has worked\n", service.Output, StringComparison.Ordinal);
        Assert.Equal(0u, service.Query().ExitCode);
    }
}
