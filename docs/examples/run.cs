// The main function of a program under a token that a signal cancels; the exit status tells the parent what happened.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

return Signals.Run(async token =>
{
    Console.WriteLine($"pid {Environment.ProcessId}: working. Try: kill {Environment.ProcessId}; echo $?");
    try
    {
        await Task.Delay(Timeout.Infinite, token);
    }
    finally
    {
        Console.WriteLine("cleaned up, goodbye");
    }
});
