using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("metrics")]
public sealed class MetricsTests
{
    // It opens no receiver: the instruments are there all the same.
    [Fact]
    public async Task Signal_is_counted()
    {
        using var program = await ExampleProcess.StartAsync("metrics");
        await program.LineAsync("counting signalstreams.receivers.open");
        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Contains("signalstreams.signals.received SIGTERM 1", rest);
        Assert.Contains("signalstreams.receivers.open 0", rest);
        Assert.Equal(0, code);
    }
}
