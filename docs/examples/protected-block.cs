// A block of code that no signal interrupts, for up to four seconds at a time.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;

await ShutdownProtection.RunAsync(
    async block =>
    {
        Console.WriteLine($"pid {Environment.ProcessId}: working. Try: kill {Environment.ProcessId}; echo $?");
        for (var step = 1; ; step++)
        {
            try
            {
                await Task.Delay(500, block.Token);     // cancelled only if a step takes longer than four seconds
                Console.WriteLine($"step {step} is done");
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine($"step {step} took too long, and is rolled back");
                throw;
            }

            block.AllowBreak();                         // a signal that came meanwhile ends the block here
        }
    },
    maxExecTime: TimeSpan.FromSeconds(4));
