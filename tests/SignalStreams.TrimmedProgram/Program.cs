using SignalStreams;
using static SignalStreams.ShutdownSignal;

// Every surface once, so that the trimmer sees all that a program may use.
await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGUSR1);
using var cts = Signals.CancelOn(SIGUSR2);
using var registration = Signals.OnShutdown(signal => Console.WriteLine($"callback {signal.GetName()}"), SIGHUP);
Console.WriteLine(ShutdownSignals.Parse("SIGRTMIN+3").GetName());
Console.WriteLine("ready");
await foreach (var delivery in receiver.ReadDeliveriesAsync())
{
    Console.WriteLine(delivery);
    if (delivery.Signal == SIGUSR1)
    {
        break;
    }
}

Signals.Raise(SIGUSR2);
cts.Token.WaitHandle.WaitOne();
Console.WriteLine($"cancelled by {cts.Signal?.GetName()}");
return Signals.Run(async token =>
{
    Console.WriteLine("running");
    await Task.Delay(Timeout.Infinite, token);
});
