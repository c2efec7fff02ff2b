using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("waiting")]
public sealed class WaitingTests
{
    [Fact]
    public async Task Server_answers_until_SIGTERM_stops_it()
    {
        using var program = await ExampleProcess.StartAsync("waiting");
        var ready = await program.LineAsync("http://");
        var address = ready.Split(' ')[2].TrimEnd('.');
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        Assert.Equal("hello\n", await client.GetStringAsync(address, TestContext.Current.CancellationToken));

        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["SIGTERM: stopping the server", "the server has stopped, goodbye"], rest);
        Assert.Equal(0, code);
    }
}
