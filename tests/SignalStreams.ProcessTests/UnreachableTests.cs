namespace SignalStreams.ProcessTests;

public sealed class UnreachableTests
{
    [Fact]
    public async Task Unreachable_receiver_is_closed_and_reported()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("events", "open-unreachable SIGTERM SIGUSR1");
        await child.DoAsync("collect");
        await ReportedAsync(child);
        await child.DoAsync("unhandled SIGUSR1");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Unread_signal_of_an_unreachable_receiver_is_not_raised_again()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("events", "open-unreachable SIGTERM SIGUSR1");
        child.Send(SIGTERM);
        await child.DoAsync("received SIGTERM 1");
        await child.DoAsync("collect");
        await ReportedAsync(child);
        await child.DoAsync("unhandled SIGUSR1");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Receiver_that_a_loop_waits_on_stays_open()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("read-unreachable r SIGTERM", "collect", "collect");
        child.Send(SIGTERM);
        await child.ExpectAsync("r SIGTERM");
        await child.EndAsync();
    }

    [Fact]
    public async Task Unreachable_cancellation_source_stays_live()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel-unreachable c SIGTERM", "collect", "collect");
        child.Send(SIGTERM);
        await child.ExpectAsync("c cancelled");
        await child.EndAsync();
    }

    // A collection that comes by itself says it earlier.
    private static Task ReportedAsync(ChildProcess child) =>
        child.UntilAsync(() => child.Output.Contains("event ReceiverNotDisposed SIGTERM, SIGUSR1\n", StringComparison.Ordinal), "report the receiver");
}
