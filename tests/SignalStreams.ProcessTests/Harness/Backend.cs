namespace SignalStreams.ProcessTests;

/// <summary>Which source the programs under test use: they have the environment of the tests, and choose as these would.</summary>
internal static class Backend
{
    public static bool IsNative => global::SignalStreams.Signals.Backend.Kind == SignalBackendKind.Native;

    /// <summary>How a delivery names the process of the tests.</summary>
    public static string Sender => IsNative ? $"pid {Environment.ProcessId} ({File.ReadAllText("/proc/self/comm").TrimEnd()}), uid {LibC.EffectiveUser()}" : "unknown sender";
}
