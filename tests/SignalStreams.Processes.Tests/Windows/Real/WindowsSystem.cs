using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Which Windows this is, and what tests do to processes there that the library does not.</summary>
internal static partial class WindowsSystem
{
    /// <summary>The five events of the console; wincon.h.</summary>
    public const uint ControlC = 0, ControlBreak = 1, Close = 2, Logoff = 5, Shutdown = 6;

    /// <summary>The exit code of an end by the system (STATUS_CONTROL_C_EXIT).</summary>
    public const int EndedByEvent = unchecked((int)0xC000013A);

    // What Windows gives a program to end in, and two seconds for a machine so busy that a thread wakes that late.
    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(5 + 2);

    private const uint CreateThreadAccess = 0x0002 | 0x0008 | 0x0020 | 0x0400 | 0x0010;

    // WM_QUIT.
    private const uint Quit = 0x0012;

    // What the routine of the system returns when a handler has handled the event, and what a thread has that has not ended.
    private const uint Handled = 1, StillActive = 259;

    /// <summary>Whether it is Wine, which does not all that Windows does.</summary>
    public static bool IsWine { get; } = OperatingSystem.IsWindows() && NativeLibrary.TryGetExport(NativeLibrary.Load("ntdll"), "wine_get_version", out _);

    /// <summary>Skips a test of what Wine cannot do.</summary>
    public static void SkipUnderWine(string lack) => Assert.SkipWhen(IsWine, $"Wine: {lack}");

    /// <summary>Runs the console handlers of a process as the system does for an event; without the limit of time and the end that the system adds.</summary>
    public static void Raise(int processId, uint consoleEvent)
    {
        using var process = OpenProcess(CreateThreadAccess, inherit: false, (uint)processId);
        _ = CloseHandle(BeginEvent(process, consoleEvent));
    }

    /// <summary>The same for an event that ends a process: when its handlers have returned, or the time of the system is over, it is ended.</summary>
    public static Task EndByAsync(int processId, uint consoleEvent) => Task.Factory.StartNew(
        () =>
        {
            using var process = OpenProcess(CreateThreadAccess | Kernel32.ProcessTerminate, inherit: false, (uint)processId);
            var thread = BeginEvent(process, consoleEvent);
            _ = WaitForSingleObject(thread, (uint)EventLimit.TotalMilliseconds);
            _ = GetExitCodeThread(thread, out var code);
            _ = CloseHandle(thread);

            // Otherwise the thread has not returned: the end of the process, which is under way, has taken it along.
            if (code is Handled or StillActive)
            {
                _ = Kernel32.TerminateProcess(process, unchecked((uint)EndedByEvent));
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

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

    /// <summary>Sends an event to all who are attached to the console of this process, itself included.</summary>
    public static void SendToOwnConsole(uint consoleEvent)
    {
        if (!Kernel32.GenerateConsoleCtrlEvent(consoleEvent, group: 0))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Ends the loop that reads the messages of a process, when it has read all that were sent before.</summary>
    public static void EndMessages(int processId)
    {
        if (!User32.PostMessage(new WindowsProcessApi().Windows(processId)[0].Handle, Quit, 0, 0))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>How many handles this process has open. Wine tells the size of its table instead, which doubles now and then: there they are counted one by one.</summary>
    public static int Handles()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var count = self.HandleCount;
        return IsWine ? Enumerable.Range(1, count).Count(number => GetHandleInformation(4 * number, out _)) : count;
    }

    private static nint BeginEvent(SafeProcessHandle process, uint consoleEvent)
    {
        var routine = NativeLibrary.GetExport(NativeLibrary.Load("kernelbase"), "CtrlRoutine");
        var thread = process.IsInvalid ? 0 : CreateRemoteThread(process, 0, 0, routine, (nint)consoleEvent, 0, out _);
        return thread != 0 ? thread : throw new Win32Exception();
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

    [LibraryImport("kernel32")]
    private static partial int GetExitCodeThread(nint thread, out uint code);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetHandleInformation(nint handle, out uint flags);
}
