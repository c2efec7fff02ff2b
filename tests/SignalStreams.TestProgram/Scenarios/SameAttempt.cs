using System.Diagnostics;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Compares the hub's count of attempts with its own, made from the timestamps of the deliveries.</summary>
internal static class SameAttempt
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] args)
    {
        Signals.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        using var cts = Signals.CancelOn(SIGTERM);
        await using var receiver = Signals.OpenSignalReceiver(SIGTERM, SIGUSR1);
        Output.Line("ready");
        var expected = 0;
        var merged = 0;
        long last = 0;
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            if (delivery.Signal == SIGUSR1)
            {
                break;
            }

            if (expected > 0 && Stopwatch.GetElapsedTime(last, delivery.Timestamp) < Gap)
            {
                merged++;
            }
            else
            {
                expected++;
                last = delivery.Timestamp;
            }

            Output.Line(Signals.Hub.Attempts == expected ? "as expected" : $"{Signals.Hub.Attempts} attempts instead of {expected}");
        }

        Output.Line($"counted {expected}");
        Output.Line($"merged {merged}");
        return 0;
    }
}
