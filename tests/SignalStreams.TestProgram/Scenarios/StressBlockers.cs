using System.Globalization;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>With each signal one more consumer says on what thread it is and blocks that for ever; another one prints each that it gets.</summary>
internal static class StressBlockers
{
    public static async Task<int> RunAsync(string[] args)
    {
        var signal = ShutdownSignals.Parse(args[0]);
        var blockers = int.Parse(args[1], CultureInfo.InvariantCulture);

        // Before the one that prints: the first of those who wait is served by the nearest thread.
        for (var turn = 1; turn <= blockers; turn++)
        {
            _ = BlockAsync(Signals.OpenSignalReceiver(signal), turn);
        }

        await using var receiver = Signals.OpenSignalReceiver(signal);
        Output.Line("ready");
        await foreach (var _ in receiver)
        {
            Output.Line("got");
        }

        return 0;
    }

    private static async Task BlockAsync(SignalReceiver receiver, int turn)
    {
        for (var i = 0; i < turn; i++)
        {
            await receiver.ReceiveAsync();
        }

        Output.Line($"blocks {(Thread.CurrentThread.IsThreadPoolThread ? "the pool" : Thread.CurrentThread.Name)}");
        Thread.Sleep(Timeout.Infinite);
    }
}
