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

            // Open for about as long as closed, so that signals hit both.
            for (var i = 0; i < 1000; i++)
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
