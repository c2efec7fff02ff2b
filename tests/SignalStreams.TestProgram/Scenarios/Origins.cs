using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Prints who sent each signal. The first word says what it does to itself meanwhile, or that it reads only when a line comes in.</summary>
internal static partial class Origins
{
    private const int RealTimer = 0;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var receiver = Signals.OpenSignalReceiver([.. args[1..].Select(ShutdownSignals.Parse)]);
        Output.Line("ready");
        Act(args[0], ShutdownSignals.Parse(args[1]));
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            Output.Line($"{delivery.Signal.GetName()} {delivery.Origin.Kind}: {delivery.Origin.ToString().Replace(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "self", StringComparison.Ordinal)}");
        }

        return 0;
    }

    private static void Act(string what, ShutdownSignal signal)
    {
        switch (what)
        {
            case "raise":
                Signals.Raise(signal);
                break;
            case "raise-value":
                Signals.Raise(signal, 7);
                break;
            case "timer":
                // Once, in a millisecond.
                _ = SetTimer(RealTimer, [0, 0, 0, 1000], 0);
                break;
            case "child":
                using (var child = Process.Start("true"))
                {
                    child.WaitForExit();
                }

                break;
            case "line":
                Console.ReadLine();
                break;
        }
    }

    // struct itimerval: the interval and the time, each in seconds and microseconds.
    [LibraryImport("libc", EntryPoint = "setitimer")]
    private static partial int SetTimer(int which, long[] times, nint previous);
}
