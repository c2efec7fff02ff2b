namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Prints each signal that comes, until the one named last has come.</summary>
internal static class AwaitForeach
{
    public static async Task<int> RunAsync(string[] args)
    {
        ShutdownSignal[] signals = [.. args.Select(ShutdownSignals.Parse)];
        await using (var receiver = Signals.OpenSignalReceiver(signals))
        {
            Output.Line("ready");
            await foreach (var signal in receiver)
            {
                Output.Line(signal.GetName());
                if (signal == signals[^1])
                {
                    break;
                }
            }
        }

        return 0;
    }
}
