namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Ends itself by the signal that it is given, on the thread that it is given.</summary>
internal static class ExitBySignal
{
    public static async Task<int> RunAsync(string[] args)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Output.Line("ProcessExit");
        var signal = ShutdownSignals.Parse(args[0]);
        if (args[1] == "main")
        {
            Signals.ExitBySignal(signal);
        }

        new Thread(() => Signals.ExitBySignal(signal)).Start();
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
