using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The functions and numbers of advapi32.dll that a service takes; by the names of Microsoft's pages, without their prefixes.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class ServiceNative
{
    public const uint OwnProcess = 0x10;

    public const uint Stopped = 1;
    public const uint StopPending = 3;
    public const uint Running = 4;

    public const uint AcceptStop = 0x1;
    public const uint AcceptShutdown = 0x4;
    public const uint AcceptPreShutdown = 0x100;

    public const uint ControlStop = 1;
    public const uint ControlInterrogate = 4;
    public const uint ControlShutdown = 5;
    public const uint ControlPreShutdown = 0xF;

    public const uint NoError = 0;
    public const uint NotImplemented = 120;
    public const int AlreadyRunning = 1056;
    public const int NotAService = 1063;
    public const uint ServiceSpecificError = 1066;

    [LibraryImport("advapi32", EntryPoint = "StartServiceCtrlDispatcherW", SetLastError = true)]
    public static partial int StartDispatcher(TableEntry* table);

    [LibraryImport("advapi32", EntryPoint = "RegisterServiceCtrlHandlerExW", SetLastError = true)]
    public static partial nint RegisterHandler(char* name, delegate* unmanaged<uint, uint, nint, nint, uint> handler, nint context);

    [LibraryImport("advapi32", SetLastError = true)]
    public static partial int SetServiceStatus(nint service, Status* status);

    [StructLayout(LayoutKind.Sequential)]
    internal struct TableEntry
    {
        public char* Name;
        public delegate* unmanaged<uint, char**, void> Main;
    }

    /// <summary>SERVICE_STATUS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Status
    {
        public uint Type;
        public uint State;
        public uint Accepted;
        public uint ExitCode;
        public uint OwnExitCode;
        public uint CheckPoint;
        public uint WaitHint;
    }
}
