using System.Globalization;
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

    [Fact]
    public async Task Of_a_thousand_hangups_under_load_no_request_fails_and_the_last_value_counts()
    {
        const int Hangups = 1000;
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "settings.json");
            Write(file, 0);
            using var child = Start("drain=0", $"settings={file}");
            using var client = new HttpClient { BaseAddress = await AddressAsync(child) };
            using var end = new CancellationTokenSource();
            var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => LoadAsync(client, end.Token))).ToArray();
            for (var i = 1; i <= Hangups; i++)
            {
                Write(file, i);
                child.Send(SIGHUP);
            }

            using var limit = new CancellationTokenSource(Patience.Limit);
            while ((await GetAsync(client, "/value")).Text != $"{Hangups}")
            {
                await Task.Delay(10, limit.Token);
            }

            await end.CancelAsync();
            foreach (var values in await Task.WhenAll(load).WithLimit())
            {
                // A file that is broken, or half read, would have shown none.
                Assert.Equal(values.Order(), values);
                Assert.NotEmpty(values);
            }

            child.Send(SIGTERM);
            await child.AssertEndsAsync(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<int>> LoadAsync(HttpClient client, CancellationToken cancellationToken)
    {
        List<int> values = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            var (status, text) = await GetAsync(client, "/value");
            Assert.Equal(HttpStatusCode.OK, status);
            values.Add(int.Parse(text, CultureInfo.InvariantCulture));
        }

        return values;
    }

    // Every tenth is broken. In the place of the one before at once, as an editor does it.
    private static void Write(string file, int value)
    {
        var text = value % 10 == 5 ? "{ \"Value\": " : $$"""{ "Value": {{value}} }""";
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
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
