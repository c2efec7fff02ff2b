using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The functions of user32 that are called here, as they are.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class User32
{
    public const nint MessageOnlyParent = -3;
    public const uint Close = 0x0010;
    public const uint Owner = 4;

    [LibraryImport("user32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool EnumWindows(delegate* unmanaged<nint, nint, int> callback, nint parameter);

    [LibraryImport("user32", EntryPoint = "FindWindowExW", SetLastError = true)]
    public static partial nint FindWindowEx(nint parent, nint after, char* className, char* title);

    [LibraryImport("user32", SetLastError = true)]
    public static partial uint GetWindowThreadProcessId(nint window, out uint processId);

    [LibraryImport("user32", EntryPoint = "GetClassNameW", SetLastError = true)]
    public static partial int GetClassName(nint window, char* name, int length);

    [LibraryImport("user32")]
    public static partial nint GetWindow(nint window, uint relation);

    [LibraryImport("user32", EntryPoint = "PostMessageW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool PostMessage(nint window, uint message, nint first, nint second);
}
