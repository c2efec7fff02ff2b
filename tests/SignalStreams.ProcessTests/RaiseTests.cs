namespace SignalStreams.ProcessTests;

public sealed class RaiseTests
{
    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    [InlineData("SIGUSR1")]
    public async Task Raised_signal_reaches_our_listeners_and_others(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync($"registration other {name} cancel", $"read-forward ours {name}");
        child.Tell($"raise {name}");
        await child.ExpectAllAsync("ok", $"ours {name}", $"other {name}");
        await child.EndAsync();
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    [InlineData("SIGUSR1")]
    [InlineData("SIGKILL")]
    public async Task Raised_signal_that_nobody_listens_to_ends_the_process(string name)
    {
        using var child = await RemoteChild.StartAsync();
        child.Tell($"raise {name}");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }
}
