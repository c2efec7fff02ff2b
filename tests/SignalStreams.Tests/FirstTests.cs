namespace SignalStreams.Tests;

public sealed class FirstTests
{
    [Fact]
    public async Task Raised_signal_is_received()
    {
        await using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        Assert.True(test.Raise(SIGHUP));
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync(TestContext.Current.CancellationToken));
        using var cts = test.Hub.CancelOn(SIGTERM);
        var task = receiver.ReceiveAsync(TestContext.Current.CancellationToken);
        test.Raise(SIGTERM);
        Assert.True(cts.IsCancellationRequested);
        Assert.Equal(SIGTERM, cts.Signal);
        Assert.Equal(SIGTERM, await task);
    }
}
