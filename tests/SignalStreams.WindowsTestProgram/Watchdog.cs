using System.Diagnostics;

namespace SignalStreams.WindowsTestProgram;

/// <summary>Kills this process when its test has long forgotten it: a test runner that was killed itself leaves nothing behind.</summary>
internal static class Watchdog
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static void Start() => new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "watchdog" }.Start();

    private static void Watch()
    {
        Thread.Sleep(Limit);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
