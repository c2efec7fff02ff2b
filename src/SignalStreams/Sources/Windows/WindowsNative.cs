using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The few functions of Windows that the runtime does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNative
{
    private const nint CurrentProcess = -1;

    /// <summary>Ends the process without unwinding anything; see TerminateProcess.</summary>
    public static void EndProcess(int exitCode) => TerminateProcess(CurrentProcess, (uint)exitCode);

    [LibraryImport("kernel32", EntryPoint = "SetConsoleCtrlHandler", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleCtrlHandler(delegate* unmanaged<uint, int> handler, [MarshalAs(UnmanagedType.Bool)] bool add);

    [LibraryImport("kernel32", EntryPoint = "TerminateProcess")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
