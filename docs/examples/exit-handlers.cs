// Clean-up that runs whatever ends the process: a signal, the end of the main function, Environment.Exit, an exception that nobody catches.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

ExitHandlers.Register(() => Console.WriteLine("cleaned up"));

Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill {Environment.ProcessId}; echo $? or press Enter");
Console.ReadLine();
