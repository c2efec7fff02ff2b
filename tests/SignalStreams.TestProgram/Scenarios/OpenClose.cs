namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Opens and closes receivers for ever, until one of them has a signal.</summary>
internal static class OpenClose
{
    public static Task<int> RunAsync(string[] args)
    {
        var signal = ShutdownSignals.Parse(args[0]);
        var isReady = false;
        while (true)
        {
            using var receiver = Signals.OpenSignalReceiver(signal);
            if (!isReady)
            {
                Output.Line("ready");
                isReady = true;
            }

            // Open for longer than closed: a signal has a way to go until it is handled, and is to meet both.
            for (var i = 0; i < 10_000; i++)
            {
                if (receiver.TryReceive(out var received))
                {
                    Output.Line(received.GetName());
                    return Task.FromResult(0);
                }
            }
        }
    }
}
