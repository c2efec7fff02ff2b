using System.Runtime.InteropServices;

namespace SignalStreams.Hosting.Tests;

/// <summary>The clock that systemd compares with.</summary>
internal static unsafe partial class MonotonicClock
{
    private const int Monotonic = 1;

    public static long Microseconds()
    {
        var time = stackalloc long[2];
        Assert.Equal(0, GetTime(Monotonic, time));
        return (time[0] * 1_000_000) + (time[1] / 1000);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
