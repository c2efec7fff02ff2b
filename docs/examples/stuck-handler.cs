// A clean-up that hangs: it is given up after two seconds, and the timeline names it.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

ExitHandlers.Register(() => Console.WriteLine("connections are closed"), name: "close connections");
ExitHandlers.Register(Flush, timeLimit: TimeSpan.FromSeconds(2), name: "flush the cache");

Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill {Environment.ProcessId}; echo $?");
Thread.Sleep(Timeout.Infinite);

static void Flush()
{
    Console.WriteLine("flushing the cache");
    Thread.Sleep(Timeout.Infinite);     // the other end does not answer
}
