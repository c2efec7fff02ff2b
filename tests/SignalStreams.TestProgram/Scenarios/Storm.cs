using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Says in which round each SIGUSR1 came, and, beside a bare registration, how many there were; its input begins the rounds.</summary>
internal static class Storm
{
    private static int _round;
    private static long _delivered;
    private static long _registered;

    public static Task<int> RunAsync(string[] args)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var registration = PosixSignalRegistration.Create(SIGUSR1.ToPosixSignal(), _ => Interlocked.Increment(ref _registered));
        using var receiver = Signals.OpenSignalReceiver(SIGUSR1);
        _ = ReadAsync(receiver);
        Output.Line("ready");
        while (input.ReadLine() is { } line)
        {
            Volatile.Write(ref _round, int.Parse(line, CultureInfo.InvariantCulture));
            Output.Line($"began {line}");
        }

        // The runtime tells both of each signal that the kernel did not merge; it is told of fewer where we have a handler of our own.
        SpinWait.SpinUntil(() => Signals.Backend.Kind == SignalBackendKind.Native || Interlocked.Read(ref _delivered) == Interlocked.Read(ref _registered));
        Output.Line($"delivered {_delivered}");

        // Not closed: the last of the storm may still be on its way through the runtime, and would find nobody.
        Thread.Sleep(Timeout.Infinite);
        return Task.FromResult(0);
    }

    private static async Task ReadAsync(SignalReceiver receiver)
    {
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            Interlocked.Add(ref _delivered, delivery.Count);
            Output.Line($"seen {Volatile.Read(ref _round)}");
        }
    }
}
