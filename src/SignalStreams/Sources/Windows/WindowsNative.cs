using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The few functions of kernel32.dll that the runtime does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNative
{
    public const uint SnapshotOfProcesses = 2;
    private const uint QueryLimitedInformation = 0x1000;

    public const nint CurrentProcess = -1;

    /// <summary>Ends the process without unwinding anything; see TerminateProcess.</summary>
    public static void EndProcess(int exitCode) => TerminateProcess(CurrentProcess, (uint)exitCode);

    /// <summary>The name of a process, without the ending of its file; null where it may not be asked, or has ended.</summary>
    public static string? NameOf(uint id)
    {
        var process = OpenProcess(QueryLimitedInformation, 0, id);
        if (process == 0)
        {
            return null;
        }

        try
        {
            const int Longest = 1024;
            var path = stackalloc char[Longest];
            uint length = Longest;
            return QueryFullProcessImageName(process, 0, path, &length) != 0 ? Path.GetFileNameWithoutExtension(new string(path, 0, (int)length)) : null;
        }
        finally
        {
            _ = CloseHandle(process);
        }
    }

    [LibraryImport("kernel32", EntryPoint = "SetConsoleCtrlHandler", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleCtrlHandler(delegate* unmanaged<uint, int> handler, [MarshalAs(UnmanagedType.Bool)] bool add);

    [LibraryImport("kernel32")]
    public static partial uint GetConsoleProcessList(uint* ids, uint count);

    [LibraryImport("ntdll", EntryPoint = "NtQueryInformationProcess")]
    public static partial int QueryInformationProcess(nint process, int what, BasicInformation* information, int length, int* returned);

    [LibraryImport("kernel32")]
    public static partial nint CreateToolhelp32Snapshot(uint what, uint process);

    [LibraryImport("kernel32", EntryPoint = "Process32FirstW")]
    public static partial int FirstProcess(nint snapshot, ProcessEntry* entry);

    [LibraryImport("kernel32", EntryPoint = "Process32NextW")]
    public static partial int NextProcess(nint snapshot, ProcessEntry* entry);

    [LibraryImport("kernel32")]
    private static partial nint OpenProcess(uint access, int inherit, uint process);

    [LibraryImport("kernel32", EntryPoint = "QueryFullProcessImageNameW")]
    private static partial int QueryFullProcessImageName(nint process, uint flags, char* name, uint* length);

    [LibraryImport("kernel32")]
    public static partial int CloseHandle(nint handle);

    [LibraryImport("kernel32", EntryPoint = "TerminateProcess")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);

    /// <summary>PROCESS_BASIC_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BasicInformation
    {
        public nint ExitStatus;
        public nint Environment;
        public nint Affinity;
        public nint Priority;
        public nint Id;
        public nint Parent;
    }

    /// <summary>PROCESSENTRY32W.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessEntry
    {
        public uint Size;
        public uint Usage;
        public uint Id;
        public nint Heap;
        public uint Module;
        public uint Threads;
        public uint Parent;
        public int Priority;
        public uint Flags;
        public fixed char Name[260];
    }
}
