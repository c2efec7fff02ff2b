// Reloads once for every burst of SIGHUPs, when a second has passed without one; SIGINT (Ctrl-C) and SIGTERM end the program.
#:project ../../src/SignalStreams.Reactive/SignalStreams.Reactive.csproj
using System.Reactive.Linq;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

var reloads = 0;
using var reloading = Signals.Observe(SIGHUP)
    .Do(_ => Console.WriteLine("SIGHUP arrived"))
    .Throttle(TimeSpan.FromSeconds(1))
    .Subscribe(_ => Console.WriteLine($"reload {++reloads}"));

// The way back: the first element cancels. Until it is disposed the signals stay claimed, so that a second Ctrl-C does not kill the clean-up.
using var stop = Signals.ObserveDeliveries(SIGINT, SIGTERM)
    .Do(delivery => Console.WriteLine($"asked to stop: {delivery}"))
    .ToCancellationTokenSource();

Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill -HUP {Environment.ProcessId}");
stop.Token.WaitHandle.WaitOne();

Console.WriteLine("cleaned up, goodbye");
