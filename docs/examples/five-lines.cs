// The five lines of the README, as a program.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;
using static SignalStreams.ShutdownSignal;

await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGTERM);
await foreach (var signal in receiver)
{
    if (signal == SIGTERM) break;
    Console.WriteLine("reloading the configuration");
}
