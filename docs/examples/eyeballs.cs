// Happy eyeballs (RFC 8305) as a race: a host has several addresses, and the first that answers wins. The next one has its turn as soon as the one
// before has failed, or after 250 ms. The arguments say what the addresses are like: dotnet run docs/examples/eyeballs.cs -- silent refusing answering
#:project ../../src/SignalStreams/SignalStreams.csproj
using System.Net;
using System.Net.Sockets;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

string[] kinds = args is [] ? ["silent", "refusing", "answering"] : args;
TaskCompletionSource[] turns = [.. kinds.Append("").Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
turns[0].SetResult();
var exitCode = 0;

await TaskGroup.RunAsync(async group =>
{
    group.CancelOn(SIGINT, SIGTERM);
    using var registration = group.Token.Register(() => Console.WriteLine($"the end: {group.Reason}"));
    var addresses = kinds.Select(kind => Listen(group, kind)).ToArray();
    Console.WriteLine($"pid {Environment.ProcessId}: connecting");
    try
    {
        using var winner = await TaskGroup.RaceAsync(kinds.Select((_, index) => Attempt(index)), group.Token);
        group.Cancel($"connected to {winner.RemoteEndPoint}");
    }
    catch (AggregateException e)
    {
        exitCode = 1;
        group.Cancel($"{e.InnerExceptions.Count} attempts have failed");
    }

    Func<CancellationToken, Task<Socket>> Attempt(int index) => token => ConnectAsync(index, addresses[index], token);
});

return exitCode;

async Task<Socket> ConnectAsync(int index, IPEndPoint address, CancellationToken token)
{
    await turns[index].Task.WaitAsync(token);
    Console.WriteLine($"{kinds[index]}: trying");
    await using var patience = new Timer(_ => turns[index + 1].TrySetResult(), null, TimeSpan.FromMilliseconds(250), Timeout.InfiniteTimeSpan);
    var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    try
    {
        await socket.ConnectAsync(address, token);
        var length = await socket.ReceiveAsync(new byte[1], token);
        return length > 0 ? socket : throw new IOException("Closed without a word.");
    }
    catch (Exception e)
    {
        socket.Dispose();
        Console.WriteLine($"{kinds[index]}: {(e is OperationCanceledException ? "given up" : "failed")}");
        turns[index + 1].TrySetResult();
        throw;
    }
}

// Stands for an address of the host. The group disposes the sockets when its children have ended.
static IPEndPoint Listen(TaskGroup group, string kind)
{
    var socket = group.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    socket.Bind(new IPEndPoint(IPAddress.Loopback, port: 0));
    if (kind != "refusing")
    {
        socket.Listen();
    }

    if (kind == "answering")
    {
        group.Start(kind, async token =>
        {
            using var client = await socket.AcceptAsync(token);
            await client.SendAsync("hello"u8.ToArray(), token);
        });
    }

    return (IPEndPoint)socket.LocalEndPoint!;
}
