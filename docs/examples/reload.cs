// SIGHUP reloads and does not end the process; every other signal does.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

ShutdownManager.Default.Configure(o =>
{
    o.TerminateOnHangup = false;
    o.BeforeHangup = () => Console.WriteLine("the configuration is reloaded");
    o.BeforeTermination = () => Console.WriteLine("goodbye");
});

Console.WriteLine($"pid {Environment.ProcessId}: serving. Try: kill -HUP {Environment.ProcessId}, then kill {Environment.ProcessId}");
await Task.Delay(Timeout.Infinite, ShutdownManager.Default.StoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
Console.WriteLine("served the last one");
