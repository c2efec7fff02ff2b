using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The functions of the C library that starting, containing and reaping children takes beyond those of <see cref="UnixCalls"/>.</summary>
internal static unsafe partial class ChildCalls
{
    /// <summary>More than posix_spawnattr_t (336 bytes with glibc) and sigset_t take on any platform.</summary>
    public const int OpaqueSize = 512;

    public const int DefaultsFlag = 0x04;
    public const int MaskFlag = 0x08;
    public const int GroupFlag = 0x02;

    public const int NoSuchFile = 2;
    public const int ArgumentsTooLong = 7;
    public const int NotAProgram = 8;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NotAFolder = 20;
    public const int Invalid = 22;

    public const int SigChild = 17;
    public const int SigPipe = 13;

    private const string Library = "libc";

    private static readonly bool IsMac = OperatingSystem.IsMacOS();

    /// <summary>POSIX_SPAWN_SETSID.</summary>
    public static int SessionFlag => IsMac ? 0x400 : 0x80;

    /// <summary>F_DUPFD_CLOEXEC.</summary>
    public static int DuplicateCloseOnExec => IsMac ? 67 : 1030;

    /// <summary>SIGCHLD.</summary>
    public static int ChildSignal => IsMac ? 20 : SigChild;

    /// <summary>SIGTTOU.</summary>
    public static int TerminalOutputSignal => 22;

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* pid, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int AddFolder(byte* actions, byte* path);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static partial int AddCloseFrom(byte* actions, int first);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclose")]
    public static partial int AddClose(byte* actions, int descriptor);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    public static partial int FillSet(byte* signals);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    public static partial int EmptySet(byte* signals);

    [LibraryImport(Library, EntryPoint = "sigaddset")]
    public static partial int AddToSet(byte* signals, int signal);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int ThreadMask(int how, byte* signals, byte* previous);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "pipe", SetLastError = true)]
    public static partial int PlainPipe(int* ends);

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, void* bytes, nint count, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, void* bytes, nint count, int flags);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    // A variadic function; on the platforms that pass variadic arguments elsewhere (Apple's arm64) the padding puts the value there.
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint value);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlOnStack(int descriptor, int command, nint a, nint b, nint c, nint d, nint e, nint f, nint value);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport(Library, EntryPoint = "getppid")]
    public static partial int ParentId();

    [LibraryImport(Library, EntryPoint = "tcsetpgrp", SetLastError = true)]
    public static partial int SetForegroundGroup(int descriptor, int group);

    public static int SetDescriptor(int descriptor, int command, nint value) =>
        IsMac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ControlOnStack(descriptor, command, 0, 0, 0, 0, 0, 0, value)
            : Control(descriptor, command, value);
}
