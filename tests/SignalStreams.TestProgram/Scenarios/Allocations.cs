using System.Globalization;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Raises a signal ten thousand times, each when the one before has been read, and prints how many bytes that allocated for each.</summary>
internal static class Allocations
{
    private const int Count = 10_000;
    private static int _read;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var receiver = Signals.OpenSignalReceiver(ShutdownSignals.Parse(args[0]));
        var loop = ReadAsync(receiver);

        // What is allocated once is allocated here, the meter among it, which is published a moment after the start.
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
        {
            Raise(receiver.Subscribed.Single());
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        Raise(receiver.Subscribed.Single());
        var after = GC.GetTotalAllocatedBytes(precise: true);

        // Less than any object for each: what the runtime allocates beside it, for itself.
        var each = (double)(after - before) / Count;
        Output.Line(each < 8 ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{each} bytes"));
        receiver.Dispose();
        await loop;
        return 0;
    }

    private static void Raise(ShutdownSignal signal)
    {
        for (var i = 0; i < Count; i++)
        {
            var before = Volatile.Read(ref _read);
            Signals.Raise(signal);
            while (Volatile.Read(ref _read) == before)
            {
                Thread.SpinWait(1);
            }
        }
    }

    private static async Task ReadAsync(SignalReceiver receiver)
    {
        await foreach (var _ in receiver)
        {
            Volatile.Write(ref _read, _read + 1);
        }
    }
}
