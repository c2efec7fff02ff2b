namespace SignalStreams.ProcessTests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Signals_and_receivers_are_counted()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("registration keep SIGINT cancel", "read a SIGTERM SIGHUP", "read b SIGTERM", "open-coalescing c SIGHUP", "open d SIGINT");
        child.Send(SIGTERM);
        await child.ExpectAllAsync("a SIGTERM", "b SIGTERM");
        for (var i = 0; i < 3; i++)
        {
            child.Send(SIGHUP);
            await child.ExpectAsync("a SIGHUP");
        }

        child.Send(SIGINT);
        await child.DoAsync("received SIGINT 1", "off d", "received SIGHUP 3");
        child.Tell("metrics");
        await child.ExpectAllAsync(
            "signalstreams.signals.received SIGTERM = 1",
            "signalstreams.signals.received SIGHUP = 3",
            "signalstreams.signals.received SIGINT = 1",
            "signalstreams.signals.coalesced SIGHUP = 2",
            "signalstreams.signals.lost SIGHUP = 0",
            "signalstreams.signals.redelivered SIGINT = 1",
            "signalstreams.signals.redelivered SIGTERM = 0",
            "signalstreams.receivers.open = 3",
            "ok");
        await child.EndAsync();
    }
}
