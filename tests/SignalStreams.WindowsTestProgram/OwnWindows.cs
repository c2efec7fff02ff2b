namespace SignalStreams.WindowsTestProgram;

/// <summary>The hidden windows of this process, as anybody sees them.</summary>
internal static unsafe class OwnWindows
{
    private const nint MessageOnly = -3;
    private const int LongestName = 257;

    /// <returns>The class of the window at the top level; null when there is none.</returns>
    public static string? FindClass()
    {
        var window = (nint)0;
        while ((window = Native.FindWindow(0, window, null, "SignalStreams")) != 0)
        {
            _ = Native.GetWindowThreadProcessId(window, out var process);
            if (process == (uint)Environment.ProcessId)
            {
                var name = stackalloc char[LongestName];
                return new string(name, 0, Native.GetClassName(window, name, LongestName));
            }
        }

        return null;
    }

    /// <returns>Whether there is a window of the class, of either kind.</returns>
    public static bool Any(string className) => Native.FindWindow(0, 0, className, null) != 0 || Native.FindWindow(MessageOnly, 0, className, null) != 0;

    public static bool IsRegistered(string className)
    {
        var windowClass = new Native.WindowClass { Size = (uint)sizeof(Native.WindowClass) };
        return Native.GetClassInfo(Native.GetModuleHandle(0), className, &windowClass) != 0;
    }
}
