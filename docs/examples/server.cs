// A TCP server in a task group. It says when it is ready. On SIGTERM it takes no new connections, and gives those that are open some time to end.
// The argument is that time in seconds: dotnet run docs/examples/server.cs -- 5
#:project ../../src/SignalStreams/SignalStreams.csproj
using System.Net;
using System.Net.Sockets;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

var gracePeriod = TimeSpan.FromSeconds(args is [var seconds] ? int.Parse(seconds) : 30);

var ended = await TaskGroup.RunAsync(async group =>
{
    group.CancelOn(SIGINT, SIGTERM);

    // Returns when the server has called started, or throws what it threw before.
    var port = await group.StartAsync<int>("server", ServeAsync);
    Console.WriteLine($"pid {Environment.ProcessId}: ready on port {port}. Try: nc 127.0.0.1 {port}, and kill {Environment.ProcessId}");
});

Console.WriteLine($"ended by {ended.Reason}, goodbye");

async Task ServeAsync(Action<int> started, CancellationToken token)
{
    using var listener = new TcpListener(IPAddress.Loopback, port: 0);
    listener.Start();
    started(((IPEndPoint)listener.LocalEndpoint).Port);

    // The connections are a group inside: when the token is cancelled, they have the grace period before they are.
    await TaskGroup.RunAsync(new TaskGroupOptions { GracePeriod = gracePeriod }, async connections =>
    {
        try
        {
            for (var number = 1; ; number++)
            {
                var name = $"connection {number}";
                var client = await listener.AcceptTcpClientAsync(token);
                connections.Start(name, graceful => EchoAsync(name, client, graceful));
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Not thrown on: an error of this body would cancel the connections at once.
            listener.Stop();
            Console.WriteLine("no new connections");
        }
    }, token);
}

static async Task EchoAsync(string name, TcpClient client, CancellationToken token)
{
    using var connection = client;
    try
    {
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        while (await reader.ReadLineAsync(token) is { } line)
        {
            await writer.WriteLineAsync($"echo: {line}".AsMemory(), token);
        }

        Console.WriteLine($"{name} has ended");
    }
    catch (IOException e)
    {
        // A client that goes away concerns nobody else. Thrown on, it would end the server.
        Console.WriteLine($"{name} has failed: {e.Message}");
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine($"{name} is cut off");
        throw;
    }
}
