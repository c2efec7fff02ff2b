using System.Net;
using System.Net.Sockets;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("server")]
public sealed class ServerTests
{
    [Fact]
    public async Task SIGTERM_lets_an_open_connection_end_and_no_new_one_begin()
    {
        using var program = await ExampleProcess.StartAsync("server");
        var port = await ReadyAsync(program);
        using var client = await Client.ConnectAsync(port);
        Assert.Equal("echo: before", await client.AskAsync("before"));

        program.Kill(SIGTERM);
        await program.LineAsync("no new connections");
        Assert.Equal("echo: after", await client.AskAsync("after"));
        var refused = await Assert.ThrowsAsync<SocketException>(() => Client.ConnectAsync(port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        client.Dispose();
        await program.LineAsync("connection 1 has ended");
        await AssertEndAsync(program, SIGTERM);
    }

    [Fact]
    public async Task Connection_that_outlasts_the_grace_period_is_cut_off()
    {
        using var program = await ExampleProcess.StartAsync("server", "1");
        using var client = await Client.ConnectAsync(await ReadyAsync(program));
        Assert.Equal("echo: hello", await client.AskAsync("hello"));

        program.Kill(SIGTERM);
        await program.LineAsync("connection 1 is cut off");
        Assert.Null(await client.ReadAsync());
        await AssertEndAsync(program, SIGTERM);
    }

    [Fact]
    public async Task SIGINT_ends_it_at_once_when_nobody_is_connected()
    {
        using var program = await ExampleProcess.StartAsync("server");
        await ReadyAsync(program);
        program.Kill(SIGINT);
        await program.LineAsync("no new connections");
        await AssertEndAsync(program, SIGINT);
    }

    private static async Task<int> ReadyAsync(ExampleProcess program)
    {
        var ready = await program.LineAsync("ready on port ");
        return int.Parse(ready.Split("ready on port ")[1].Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task AssertEndAsync(ExampleProcess program, ShutdownSignal signal)
    {
        var (code, rest) = await program.EndAsync();
        var last = Assert.Single(rest);
        Assert.StartsWith($"ended by {signal.GetName()} from ", last, StringComparison.Ordinal);
        Assert.EndsWith(", goodbye", last, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    private sealed class Client : IDisposable
    {
        private readonly TcpClient _connection;
        private readonly StreamReader _reader;
        private readonly StreamWriter _writer;

        private Client(TcpClient connection)
        {
            _connection = connection;
            _reader = new StreamReader(connection.GetStream());
            _writer = new StreamWriter(connection.GetStream()) { AutoFlush = true };
        }

        public static async Task<Client> ConnectAsync(int port)
        {
            var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(IPAddress.Loopback, port).WithLimit();
                return new Client(connection);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }

        public async Task<string?> AskAsync(string line)
        {
            await _writer.WriteLineAsync(line).WithLimit();
            return await ReadAsync();
        }

        public Task<string?> ReadAsync() => _reader.ReadLineAsync().WithLimit();

        public void Dispose()
        {
            _writer.Dispose();
            _reader.Dispose();
            _connection.Dispose();
        }
    }
}
