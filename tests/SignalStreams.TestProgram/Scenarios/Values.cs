using System.ComponentModel;
using System.Globalization;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Reads real-time signals whose values count up from 0, sent by somebody else or by the main thread, and says whether each came once, and how many were out of place.</summary>
internal static class Values
{
    public static async Task<int> RunAsync(string[] args)
    {
        var signal = ShutdownSignals.Parse(args[0]);
        var expected = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using var receiver = Signals.OpenSignalReceiver(signal);
        var reading = ReadAsync(receiver, expected);
        Output.Line("ready");
        if (args is [_, _, "from-main"])
        {
            Send(signal, expected);
        }

        Output.Line(await reading);
        return 0;
    }

    private static async Task<string> ReadAsync(SignalReceiver receiver, int expected)
    {
        var seen = new bool[expected];
        var (count, next, outOfPlace) = (0, 0, 0);
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            var value = delivery.Origin.Value!.Value;
            if (seen[value])
            {
                return $"{value} came twice";
            }

            seen[value] = true;
            outOfPlace += value == next ? 0 : 1;
            next = value + 1;
            if (++count == expected)
            {
                break;
            }
        }

        return $"each of {count} once, lost {receiver.Lost}, out of place {outOfPlace}";
    }

    private static void Send(ShutdownSignal signal, int count)
    {
        for (var i = 0; i < count; i++)
        {
            while (!TryRaise(signal, i))
            {
                Thread.Yield();
            }
        }
    }

    // The kernel's own queue is limited: what it refuses has not been sent.
    private static bool TryRaise(ShutdownSignal signal, int value)
    {
        try
        {
            Signals.Raise(signal, value);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
