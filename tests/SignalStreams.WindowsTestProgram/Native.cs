using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTestProgram;

internal static partial class Native
{
    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int FreeConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int AllocConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int GenerateConsoleCtrlEvent(uint @event, uint group);

    [LibraryImport("user32", EntryPoint = "CreateDesktopW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial nint CreateDesktop(string name, nint device, nint mode, uint flags, uint access, nint security);

    [LibraryImport("user32", SetLastError = true)]
    public static partial int SetThreadDesktop(nint desktop);

    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true)]
    public static unsafe partial int CreateProcess(nint application, char* commandLine, nint processSecurity, nint threadSecurity, int inherit, uint flags, nint environment, nint directory, StartupInfo* start, ProcessInformation* created);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int GetExitCodeProcess(nint process, out int code);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint GetStdHandle(uint which);

    [LibraryImport("kernel32")]
    public static partial int GetHandleInformation(nint handle, out uint flags);

    [LibraryImport("kernel32", EntryPoint = "GetModuleHandleW")]
    public static partial nint GetModuleHandle(nint name);

    [LibraryImport("user32", EntryPoint = "FindWindowExW", StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint FindWindow(nint parent, nint after, string? className, string? title);

    [LibraryImport("user32")]
    public static partial int IsWindow(nint window);

    [LibraryImport("user32")]
    public static partial uint GetWindowThreadProcessId(nint window, out uint process);

    [LibraryImport("user32", EntryPoint = "GetClassNameW")]
    public static unsafe partial int GetClassName(nint window, char* name, int length);

    [LibraryImport("user32", EntryPoint = "GetClassInfoExW", StringMarshalling = StringMarshalling.Utf16)]
    public static unsafe partial int GetClassInfo(nint instance, string name, WindowClass* windowClass);

    public static void Require(int result, string call)
    {
        if (result == 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), call);
        }
    }

    /// <summary>STARTUPINFOW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct StartupInfo
    {
        public uint Size;
        public nint Reserved;
        public char* Desktop;
        public nint Title;
        public uint X;
        public uint Y;
        public uint Width;
        public uint Height;
        public uint Columns;
        public uint Rows;
        public uint Fill;
        public uint Flags;
        public ushort Show;
        public ushort ReservedSize;
        public nint ReservedBytes;
        public nint Input;
        public nint Output;
        public nint Error;
    }

    /// <summary>WNDCLASSEXW, of which nothing is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct WindowClass
    {
        public uint Size;
        public fixed byte Rest[76];
    }

    /// <summary>PROCESS_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public uint ProcessId;
        public uint ThreadId;
    }
}
