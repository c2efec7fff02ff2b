using System.Net;
using System.Net.Sockets;

namespace SignalStreams.AspNetCore.Tests.Processes;

public sealed class WebTests
{
    [Fact]
    public async Task SIGTERM_makes_it_unready_at_once_and_requests_are_answered_during_the_delay()
    {
        using var child = Start("drain=1000000");
        var address = await AddressAsync(child);
        using var client = new HttpClient { BaseAddress = address };
        using var connection = await KeepAliveClient.ConnectAsync(address);
        Assert.Equal((HttpStatusCode.OK, "ready"), await GetAsync(client, "/readyz"));
        child.Send(SIGTERM);
        await child.ExpectAsync("draining");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "hello"), await GetAsync(client, "/hello"));
        await connection.AskAsync("/hello");
        Assert.Contains("Connection: close", await connection.ReadToAsync("hello"), StringComparison.OrdinalIgnoreCase);
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Request_of_two_seconds_gets_its_answer_and_new_connections_are_refused()
    {
        using var child = Start("drain=100");
        var address = await AddressAsync(child);
        using var connection = await KeepAliveClient.ConnectAsync(address);
        await connection.AskAsync("/wait/2000");
        await child.ExpectAsync("waits");
        child.Send(SIGTERM);
        await child.ExpectAsync("stopping");
        await Patience.UntilAsync(() => !CanConnect(address), "new connections to be refused");
        Assert.StartsWith("HTTP/1.1 200", await connection.ReadToAsync("waited"), StringComparison.Ordinal);
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Second_signal_ends_the_delay()
    {
        using var child = Start("drain=1000000");
        await AddressAsync(child);
        child.Send(SIGTERM);
        await child.ExpectAsync("draining");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
    }

    private static ChildProcess Start(params string[] arguments) => ChildStart.Host("Web", arguments).Run();

    private static async Task<Uri> AddressAsync(ChildProcess child)
    {
        var address = new Uri(await child.ExpectRestAsync("listens "));
        await child.ExpectAsync("ready");
        return address;
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path).WithLimit();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync().WithLimit());
    }

    private static bool CanConnect(Uri address)
    {
        try
        {
            using var connection = new TcpClient(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
