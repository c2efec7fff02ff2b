using SignalStreams;

// A program whose main function returns nothing, and which passes over what Run returns: the end by the signal must not depend on it.
AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.Out.WriteLine("ProcessExit");
Signals.Run(async token =>
{
    Console.Out.WriteLine("ready");
    await Task.Delay(TimeSpan.FromMinutes(3), token);
});
Console.Out.WriteLine("after Run");
