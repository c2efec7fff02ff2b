namespace SignalStreams.Hosting.Tests.Processes;

public sealed class BackgroundTests
{
    [Fact]
    public async Task Worker_finishes_its_item_within_its_grace_period()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Host("Background"));
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Equal(["item goes on", "item is finished", "span host.shutdown Unset", "main returns"], child.Output.Split('\n').Where(line => line.Length > 0 && !line.Contains("info:", StringComparison.Ordinal) && line != "ready"));
    }

    [Fact]
    public async Task Worker_that_ignores_its_tokens_is_named_in_the_log()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Host("Background", "stubborn"));
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("item is finished\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("The shutdown was held up: child 'stubborn worker' was given up after ", child.Output, StringComparison.Ordinal);
        Assert.Contains("\nspan host.shutdown Error\n", child.Output, StringComparison.Ordinal);
        Assert.Contains("main returns\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Span_is_exported_before_a_main_function_that_returns_at_once_ends_the_process()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Host("Telemetry"));
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("exported host.shutdown because of SIGTERM\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Span_is_exported_though_somebody_exits_while_the_exporter_is_disposed_of()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Host("Telemetry", "exit"));
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("while the host was being disposed of", child.Output, StringComparison.Ordinal);
        Assert.Contains("exported host.shutdown because of SIGTERM\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_signal_loses_the_span()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Host("Telemetry", "hang"));
        child.Send(SIGTERM);
        await child.ExpectAsync("hangs");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.ExpectAsync(line => line.Contains("asked again", StringComparison.Ordinal));
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
        Assert.DoesNotContain("exported", child.Output, StringComparison.Ordinal);
    }
}
