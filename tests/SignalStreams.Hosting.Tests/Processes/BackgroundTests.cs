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
}
