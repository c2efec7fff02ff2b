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
        while (true)
        {
            var last = window;
            window = Native.FindWindow(0, last, null, "SignalStreams");
            if (window != 0)
            {
                _ = Native.GetWindowThreadProcessId(window, out var process);
                if (process == (uint)Environment.ProcessId)
                {
                    var name = stackalloc char[LongestName];
                    return new string(name, 0, Native.GetClassName(window, name, LongestName));
                }
            }
            else if (last == 0 || Native.IsWindow(last) != 0)
            {
                // Otherwise another program has closed it, and the system finds none behind it.
                return null;
            }
        }
    }

    /// <returns>Whether there is a window of the class, of either kind.</returns>
    public static bool Any(string className) => Native.FindWindow(0, 0, className, null) != 0 || Native.FindWindow(MessageOnly, 0, className, null) != 0;

    public static bool IsRegistered(string className)
    {
        var windowClass = new Native.WindowClass { Size = (uint)sizeof(Native.WindowClass) };
        return Native.GetClassInfo(Native.GetModuleHandle(0), className, &windowClass) != 0;
    }
}
