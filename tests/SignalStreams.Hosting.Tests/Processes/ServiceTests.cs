using System.Globalization;

namespace SignalStreams.Hosting.Tests.Processes;

public sealed class ServiceTests
{
    [Fact]
    public async Task Signal_stops_the_host_and_the_exit_code_is_zero()
    {
        using var child = await StartAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Equal(["third stops", "third stopped", "second stops", "second stopped", "first stops", "first stopped", "main returns"], Steps(child, "third stops"));
    }

    [Fact]
    public async Task End_by_the_signal_is_seen_by_the_parent()
    {
        using var child = await StartAsync("status=signal");
        child.Send(SIGINT);
        await child.AssertEndsAsync(SIGINT);
        Assert.Contains("main returns", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status=shell", 143)]
    [InlineData("status=7", 7)]
    [InlineData("status=0", 0)]
    public async Task Exit_code_is_the_chosen_one(string status, int code)
    {
        using var child = await StartAsync(status);
        child.Send(SIGTERM);
        await child.AssertEndsAsync(code);
    }

    [Fact]
    public async Task Sender_is_logged()
    {
        using var child = await StartAsync("drain=100");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);

        // The name of this process is the kernel's short one.
        var name = (await File.ReadAllTextAsync("/proc/self/comm", TestContext.Current.CancellationToken)).TrimEnd('\n');
        var sender = string.Create(CultureInfo.InvariantCulture, $"SIGTERM from pid {Environment.ProcessId} ({name}), uid ");
        Assert.Contains(sender, child.Output, StringComparison.Ordinal);
        Assert.Contains(": stopping; draining for 0.1 s", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_signal_ends_the_drain()
    {
        using var child = await StartAsync("drain=1000000", "status=signal");
        child.Send(SIGTERM);
        await child.ExpectAsync("draining");
        child.Send(SIGINT);
        await child.AssertEndsAsync(SIGTERM);
        Assert.Contains("main returns", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_signal_cuts_the_stop_short()
    {
        using var child = await StartAsync("stop=wait");
        child.Send(SIGTERM);
        await child.ExpectAsync("first stops");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("asked again", child.Output, StringComparison.Ordinal);
        Assert.Contains("main returns", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_signal_ends_a_process_whose_threads_all_hang()
    {
        using var child = await StartAsync("stop=hang");
        child.Send(SIGTERM);
        await child.ExpectAsync("first stops");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.ExpectAsync(line => line.Contains("asked again", StringComparison.Ordinal));
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Theory]
    [InlineData("status=0", 0)]
    [InlineData("status=shell", 143)]
    public async Task Signal_during_the_start_stops_what_has_started(string status, int code)
    {
        using var child = ChildStart.Host("Service", "start=hang", "drain=1000000", status).Run();
        await child.ExpectAsync("second starts");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(code);
        Assert.DoesNotContain("third starts", child.Output, StringComparison.Ordinal);
        Assert.Contains("first stopped", child.Output, StringComparison.Ordinal);
        Assert.Contains("main returns", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registration", "status=0", 0)]
    [InlineData("registration", "status=shell", 143)]
    [InlineData("code", "status=shell", 9)]
    public async Task Exit_by_another_owner_of_the_signal_waits_for_the_host(string rival, string status, int code)
    {
        using var child = await StartAsync($"rival={rival}", "drain=200", "stop=200", status);
        child.Send(SIGTERM);
        await child.AssertEndsAsync(code);
        Assert.Contains("first stopped", child.Output, StringComparison.Ordinal);
        Assert.Contains("Somebody called Environment.Exit", child.Output, StringComparison.Ordinal);
        Assert.Contains("Who else handles SIGTERM, and may have called it: SignalStreams.HostProgram.Scenarios.Service (SignalStreams.HostProgram)", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_at_Control_C_waits_for_the_host()
    {
        using var child = await StartAsync("rival=console", "drain=200", "stop=200");
        child.Send(SIGINT);
        await child.AssertEndsAsync(0);
        Assert.Contains("first stopped", child.Output, StringComparison.Ordinal);
        Assert.Contains("Somebody called Environment.Exit", child.Output, StringComparison.Ordinal);
        Assert.Contains("Who else handles SIGINT, and may have called it: SignalStreams.HostProgram.Scenarios.Service (SignalStreams.HostProgram)", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Main_function_that_forgets_to_stop_the_host_is_waited_for()
    {
        using var child = await StartAsync("main=returns", "drain=200", "stop=200");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("first stopped", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Who else handles", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_handlers_run_after_the_host_has_stopped()
    {
        using var child = await StartAsync("manager=armed", "drain=100", "stop=100");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Equal(["first stopped", "main returns", "exit handler"], Steps(child, "first stopped"));
    }

    [Fact]
    public async Task Exit_handlers_run_after_the_host_has_stopped_though_somebody_exits()
    {
        using var child = await StartAsync("manager=armed", "rival=registration", "drain=100", "stop=100", "status=shell");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(143);
        Assert.Equal(["first stopped", "exit handler"], Steps(child, "first stopped").Where(line => line != "main returns"));
    }

    [Fact]
    public async Task Protected_block_holds_the_stop_of_the_host()
    {
        using var child = await StartAsync("manager=block", "status=signal");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
        Assert.Equal(["draining", "block ends", "third stops"], Steps(child, "draining").Take(3));
    }

    [Fact]
    public async Task Action_runs_at_its_signal_and_the_host_lives()
    {
        using var child = await StartAsync();
        child.Send(SIGUSR1);
        await child.ExpectAsync("usr1 Running");
        child.Send(SIGUSR1);
        await child.ExpectAsync("usr1 Running");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
    }

    private static Task<ChildProcess> StartAsync(params string[] arguments) => ChildProcess.StartReadyAsync(ChildStart.Host("Service", arguments));

    // What the scenario has printed, without the log.
    private static IEnumerable<string> Steps(ChildProcess child, string from) => child.Output.Split('\n')
        .Where(line => line.Length > 0 && !line.Contains("info:", StringComparison.Ordinal) && !line.Contains("warn:", StringComparison.Ordinal))
        .SkipWhile(line => line != from);
}
