namespace SignalStreams.WindowsTestProgram;

/// <summary>The hidden windows of this process, as anybody sees them.</summary>
internal static unsafe class OwnWindows
{
    private const int LongestName = 257;

    /// <returns>The window at the top level; 0 when there is none.</returns>
    public static nint Find()
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
                    return window;
                }
            }
            else if (last == 0 || Native.IsWindow(last) != 0)
            {
                // Otherwise another program has closed it, and the system finds none behind it.
                return 0;
            }
        }
    }

    public static string ClassOf(nint window)
    {
        var name = stackalloc char[LongestName];
        return new string(name, 0, Native.GetClassName(window, name, LongestName));
    }

    public static bool IsRegistered(string className)
    {
        var windowClass = new Native.WindowClass { Size = (uint)sizeof(Native.WindowClass) };
        return Native.GetClassInfo(Native.GetModuleHandle(0), className, &windowClass) != 0;
    }
}
