using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Which Windows this is, and what tests do to processes there that the library does not.</summary>
internal static partial class WindowsSystem
{
    /// <summary>The five events of the console; wincon.h.</summary>
    public const uint ControlC = 0, ControlBreak = 1, Close = 2, Logoff = 5, Shutdown = 6;

    private const uint CreateThreadAccess = 0x0002 | 0x0008 | 0x0020 | 0x0400 | 0x0010;

    /// <summary>Whether it is Wine, which does not all that Windows does.</summary>
    public static bool IsWine { get; } = OperatingSystem.IsWindows() && NativeLibrary.TryGetExport(NativeLibrary.Load("ntdll"), "wine_get_version", out _);

    /// <summary>Skips a test of what Wine cannot do.</summary>
    public static void SkipUnderWine(string lack) => Assert.SkipWhen(IsWine, $"Wine: {lack}");

    /// <summary>Runs the console handlers of a process as the system does for an event; without the limit of time and the end that the system adds.</summary>
    public static void Raise(int processId, uint consoleEvent)
    {
        using var process = OpenProcess(CreateThreadAccess, inherit: false, (uint)processId);
        var routine = NativeLibrary.GetExport(NativeLibrary.Load("kernelbase"), "CtrlRoutine");
        var thread = process.IsInvalid ? 0 : CreateRemoteThread(process, 0, 0, routine, (nint)consoleEvent, 0, out _);
        if (thread == 0)
        {
            throw new Win32Exception();
        }

        _ = CloseHandle(thread);
    }

    /// <summary>Ends a process at once, as the task manager does.</summary>
    public static void Terminate(int processId)
    {
        using var process = OpenProcess(Kernel32.ProcessTerminate, inherit: false, (uint)processId);
        if (process.IsInvalid || !Kernel32.TerminateProcess(process, 1))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Gives this process a console of its own, which nobody sees or can type at.</summary>
    public static void TakeConsole()
    {
        _ = FreeConsole();
        if (!AllocConsole())
        {
            throw new Win32Exception();
        }
    }

    /// <summary>How many handles this process has open. Wine tells the size of its table, a power of two, and by GetProcessHandleCount nothing.</summary>
    public static int Handles()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.HandleCount;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint processId);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint CreateRemoteThread(SafeProcessHandle process, nint security, nuint stack, nint start, nint parameter, uint flags, out uint id);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FreeConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AllocConsole();
}
