// A loop with a thread of its own (Nito.AsyncEx), which a signal ends: every line of it runs on the main thread.
#:project ../../src/SignalStreams/SignalStreams.csproj
#:package Nito.AsyncEx
using Nito.AsyncEx;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

AsyncContext.Run(async () =>
{
    var thread = Environment.CurrentManagedThreadId;
    await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGINT, SIGTERM);
    Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill {Environment.ProcessId}");

    await foreach (var signal in receiver)
    {
        Console.WriteLine($"{signal.GetName()}, on the loop's thread: {Environment.CurrentManagedThreadId == thread}");
        if (signal != SIGHUP) break;
    }
});

Console.WriteLine("the loop has ended, goodbye");
