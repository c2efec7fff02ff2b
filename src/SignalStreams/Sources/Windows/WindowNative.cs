using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The functions and numbers of user32.dll that a hidden window takes; by the names of Microsoft's pages, without their prefixes.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowNative
{
    public const uint Close = 0x10;
    public const uint QueryEndSession = 0x11;
    public const uint EndSession = 0x16;

    public const int NotImplemented = 120;

    public const nint EndSessionCloseApp = 0x1;
    public const nint EndSessionCritical = 0x4000_0000;
    public const nint EndSessionLogoff = unchecked((int)0x8000_0000);

    public const nint MessageOnly = -3;
    public const uint ToolWindow = 0x80;
    public const uint Popup = 0x8000_0000;

    public const uint Infinite = uint.MaxValue;
    public const uint TimedOut = 258;
    public const uint WaitFailed = uint.MaxValue;
    public const uint AllInput = 0x4FF;
    public const uint InputAvailable = 4;
    public const uint Remove = 1;

    [LibraryImport("kernel32", EntryPoint = "GetModuleHandleW")]
    public static partial nint GetModuleHandle(nint name);

    [LibraryImport("kernel32")]
    public static partial uint GetTickCount();

    [LibraryImport("user32", EntryPoint = "RegisterClassExW", SetLastError = true)]
    public static partial ushort RegisterClass(WindowClass* windowClass);

    [LibraryImport("user32", EntryPoint = "UnregisterClassW")]
    public static partial int UnregisterClass(char* name, nint instance);

    [LibraryImport("user32", EntryPoint = "CreateWindowExW", SetLastError = true)]
    public static partial nint CreateWindow(uint extendedStyle, char* className, char* title, uint style, int x, int y, int width, int height, nint parent, nint menu, nint instance, nint parameter);

    [LibraryImport("user32")]
    public static partial int DestroyWindow(nint window);

    [LibraryImport("user32", EntryPoint = "DefWindowProcW")]
    public static partial nint DefaultProcedure(nint window, uint message, nint wParam, nint lParam);

    [LibraryImport("user32", EntryPoint = "MsgWaitForMultipleObjectsEx", SetLastError = true)]
    public static partial uint MsgWaitForMultipleObjects(uint count, nint* handles, uint milliseconds, uint wakeMask, uint flags);

    [LibraryImport("user32", EntryPoint = "PeekMessageW")]
    public static partial int PeekMessage(Message* message, nint window, uint first, uint last, uint remove);

    [LibraryImport("user32", EntryPoint = "DispatchMessageW")]
    public static partial nint DispatchMessage(Message* message);

    [LibraryImport("imm32", EntryPoint = "ImmDisableIME")]
    public static partial int DisableInputMethod(uint thread);

    [LibraryImport("user32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int ShutdownBlockReasonCreate(nint window, string reason);

    [LibraryImport("user32")]
    public static partial int ShutdownBlockReasonDestroy(nint window);

    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowClass
    {
        public uint Size;
        public uint Style;
        public delegate* unmanaged<nint, uint, nint, nint, nint> Procedure;
        public int ClassExtra;
        public int WindowExtra;
        public nint Instance;
        public nint Icon;
        public nint Cursor;
        public nint Background;
        public char* MenuName;
        public char* ClassName;
        public nint SmallIcon;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public nint Window;
        public uint Id;
        public nint WParam;
        public nint LParam;
        public uint Time;
        public int X;
        public int Y;
        public uint Private;
    }
}
