// Prints every signal that arrives: SIGHUP reloads, SIGINT (Ctrl-C) and SIGTERM end the program.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;
using static SignalStreams.ShutdownSignal;

await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGUSR1, SIGINT, SIGTERM);
Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill -HUP {Environment.ProcessId}");

await foreach (var delivery in receiver.ReadDeliveriesAsync())
{
    Console.WriteLine($"{delivery.Sequence}: {delivery}");
    if (delivery.Signal == SIGHUP)
    {
        Console.WriteLine("reloading the configuration");
    }
    else if (delivery.Signal is SIGINT or SIGTERM)
    {
        break;
    }
}

Console.WriteLine("cleaned up, goodbye");
