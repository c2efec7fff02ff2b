// A program whose main thread has nothing to do but to wait: a server works in the background until a signal asks it to stop.
#:project ../../src/SignalStreams/SignalStreams.csproj
using System.Net;
using System.Net.Sockets;
using System.Text;
using SignalStreams;

using var listener = new TcpListener(IPAddress.Loopback, port: 0);
listener.Start();

var server = new Thread(Serve) { Name = "server" };
server.Start();

// Stopping a loop is a callback with the loop's own stop.
using var registration = Signals.OnShutdown(signal =>
{
    Console.WriteLine($"{signal.GetName()}: stopping the server");
    listener.Stop();
});

Console.WriteLine($"pid {Environment.ProcessId}: http://{listener.LocalEndpoint}. Try: kill {Environment.ProcessId}");

// The process does not wait for a callback: wait for what it stops. (WaitForShutdown would wait for the next signal, if one has come already.)
server.Join();
Console.WriteLine("the server has stopped, goodbye");

void Serve()
{
    try
    {
        while (true)
        {
            using var client = listener.AcceptTcpClient();
            client.GetStream().Write(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"));
        }
    }
    catch (Exception e) when (e is SocketException or InvalidOperationException)
    {
        // The listener was stopped: during an accept, or between two of them.
    }
}
