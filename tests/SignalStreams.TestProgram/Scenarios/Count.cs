namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Counts a signal until as many have come as it is told, and says how many were lost or merged by the receiver.</summary>
internal static class Count
{
    public static async Task<int> RunAsync(string[] args)
    {
        var expected = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
        await using var receiver = Signals.OpenSignalReceiver(ShutdownSignals.Parse(args[0]));
        Output.Line("ready");
        var count = 0;
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            count += delivery.Count;
            if (count >= expected)
            {
                break;
            }
        }

        Output.Line($"count {count} lost {receiver.Lost}");
        return 0;
    }
}
