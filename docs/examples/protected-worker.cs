// A worker thread whose present item is finished before the process ends, and a main function that waits for the thread.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

var worker = new Thread(() =>
{
    using var block = ShutdownProtection.Enter();
    Console.WriteLine($"pid {Environment.ProcessId}: working. Try: kill {Environment.ProcessId}; echo $?");
    for (var item = 1; !block.IsShutdownPending; item++)
    {
        Thread.Sleep(200);
        Console.WriteLine($"item {item} is done");
        block.Renew();
    }
});
worker.Start();
worker.Join();
Console.WriteLine("the worker has ended");
