using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTests;

/// <summary>What the tests do to a child. Numbers and names as on Microsoft's pages.</summary>
internal static partial class Native
{
    public const uint Null = 0;
    public const uint Close = 0x10;
    public const uint QueryEndSession = 0x11;
    public const uint EndSession = 0x16;
    public const nint MessageOnly = -3;
    public const uint Connect = 1;
    public const uint QueryStatus = 4;

    [LibraryImport("kernel32", EntryPoint = "GetModuleHandleW", StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint GetModuleHandle(string name);

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetProcAddress(nint module, string name);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint CreateRemoteThread(nint process, nint attributes, nint stackSize, nint start, nint parameter, uint flags, nint id);

    [LibraryImport("kernel32")]
    public static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    public static partial int GetExitCodeThread(nint thread, out uint code);

    [LibraryImport("kernel32")]
    public static partial int TerminateProcess(nint process, uint code);

    [LibraryImport("ntdll")]
    public static partial int NtSuspendProcess(nint process);

    [LibraryImport("ntdll")]
    public static partial int NtResumeProcess(nint process);

    [LibraryImport("kernel32")]
    public static partial int CloseHandle(nint handle);

    [LibraryImport("advapi32", EntryPoint = "OpenSCManagerW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint OpenServiceManager(string? machine, string? database, uint access);

    [LibraryImport("advapi32", EntryPoint = "OpenServiceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint OpenService(nint manager, string name, uint access);

    [LibraryImport("advapi32", SetLastError = true)]
    public static partial int QueryServiceStatus(nint service, out ServiceStatus status);

    [LibraryImport("advapi32")]
    public static partial int CloseServiceHandle(nint handle);

    [LibraryImport("user32", EntryPoint = "FindWindowExW")]
    public static partial nint FindWindow(nint parent, nint after, nint className, nint title);

    [LibraryImport("user32")]
    public static partial int IsWindow(nint window);

    [LibraryImport("user32")]
    public static partial uint GetWindowThreadProcessId(nint window, out uint process);

    [LibraryImport("user32", EntryPoint = "PostMessageW", SetLastError = true)]
    public static partial int PostMessage(nint window, uint message, nint wParam, nint lParam);

    [LibraryImport("user32", EntryPoint = "SendMessageTimeoutW", SetLastError = true)]
    public static partial nint SendMessage(nint window, uint message, nint wParam, nint lParam, uint flags, uint milliseconds, out nint result);

    public static T Checked<T>(T result, string call)
        where T : struct, IEquatable<T> => result.Equals(default) ? throw Failure(call) : result;

    private static Win32Exception Failure(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)} (error {error})");
    }
}
