using System.Net.Sockets;
using System.Text;

namespace SignalStreams.AspNetCore.Tests;

/// <summary>One connection of HTTP/1.1, of which a test sees the bytes.</summary>
internal sealed class KeepAliveClient : IDisposable
{
    private readonly TcpClient _connection = new();

    public static async Task<KeepAliveClient> ConnectAsync(Uri address)
    {
        var client = new KeepAliveClient();
        try
        {
            await client._connection.ConnectAsync(address.Host, address.Port).WithLimit();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task AskAsync(string path) => _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).AsTask().WithLimit();

    /// <summary>Reads to the end of a text that the answer must contain.</summary>
    public async Task<string> ReadToAsync(string end)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains(end, StringComparison.Ordinal))
        {
            var count = await _connection.GetStream().ReadAsync(buffer).WithLimit();
            Assert.True(count > 0, $"The connection was closed after: {answer}");
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    /// <summary>Reads what is left; returns when the server has closed the connection.</summary>
    public async Task DrainAsync()
    {
        var buffer = new byte[4096];
        while (await _connection.GetStream().ReadAsync(buffer).WithLimit() > 0)
        {
        }
    }

    public void Dispose() => _connection.Dispose();
}
