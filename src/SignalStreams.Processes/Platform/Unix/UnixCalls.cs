using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The calls of the system that looking up, signalling and awaiting other processes takes.</summary>
/// <remarks>Those that Linux alone has go through syscall(2): the C library of the time did not know them yet.</remarks>
internal static unsafe partial class UnixCalls
{
    /// <summary>SIGKILL, the same number everywhere.</summary>
    public const int KillSignal = 9;

    public const int NotPermitted = 1;
    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int TooManyOpenInSystem = 23;
    public const int TooManyOpen = 24;

    private const string Library = "libc";
    private const int CloseOnExec = 0x80000;

    // Numbers above 423 are the same on all architectures (arch/*/syscall.tbl).
    private const int PidfdSendSignal = 424;
    private const int PidfdOpen = 434;

    /// <summary>P_ALL of waitid(2).</summary>
    public const int AnyChild = 0;

    /// <summary>P_PID of waitid(2).</summary>
    public const int OneChild = 1;

    // SI_QUEUE of sigaction(2): sent by sigqueue(3).
    private const int QueuedCode = -1;
    private const int SignalInformationSize = 128;

    // struct epoll_event is packed on x86, epoll_ctl(2).
    private static readonly int EpollEventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    // arch/*/syscall.tbl; the runtime supports no other architecture on Linux.
    private static readonly int GetDirectoryEntries = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 or Architecture.Arm or Architecture.Armv6 => 217,
        Architecture.X86 or Architecture.S390x => 220,
        Architecture.Ppc64le => 202,
        _ => 61,
    };

    // O_DIRECTORY of open(2).
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Armv6 or Architecture.Ppc64le ? 0x4000 : 0x10000;

    /// <summary>The error of the last call.</summary>
    public static int Error() => Marshal.GetLastPInvokeError();

    /// <summary>Whether kill(2) knows the id; if it does, but does not permit, <see cref="Error"/> is <see cref="NotPermitted"/>.</summary>
    public static bool Exists(int processId)
    {
        Marshal.SetLastPInvokeError(0);
        return LibC.Kill(processId, 0) == 0 || Error() != NoSuchProcess;
    }

    /// <summary>Opens a file for reading, by its path with a zero at its end.</summary>
    /// <returns>The descriptor, or the error as a negative number.</returns>
    public static int Open(ReadOnlySpan<byte> path) => Open(path, CloseOnExec);

    /// <summary>Opens a folder for <see cref="ReadFolder"/>.</summary>
    /// <returns>The descriptor, or the error as a negative number.</returns>
    public static int OpenFolder(ReadOnlySpan<byte> path) => Open(path, CloseOnExec | Directory);

    /// <summary>Reads a small file at once.</summary>
    /// <returns>How many bytes, or the error as a negative number.</returns>
    public static int ReadFile(ReadOnlySpan<byte> path, Span<byte> content)
    {
        var descriptor = Open(path);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var length = ReadMore(descriptor, content);
        CloseDescriptor(descriptor);
        return length;
    }

    /// <summary>Reads on in a file.</summary>
    /// <returns>How many bytes, 0 at the end, or the error as a negative number.</returns>
    public static int ReadMore(int descriptor, Span<byte> content)
    {
        fixed (byte* bytes = content)
        {
            var length = (int)Read(descriptor, bytes, content.Length);
            return length < 0 ? -Error() : length;
        }
    }

    /// <summary>Reads entries of a folder, as getdents(2) gives them.</summary>
    /// <returns>How many bytes, 0 at the end, or the error as a negative number.</returns>
    public static int ReadFolder(int folder, Span<byte> entries)
    {
        fixed (byte* bytes = entries)
        {
            var length = (int)Call(GetDirectoryEntries, folder, (nint)bytes, entries.Length, 0);
            return length < 0 ? -Error() : length;
        }
    }

    public static void CloseDescriptor(int descriptor) => _ = LibC.Close(descriptor);

    /// <summary>pidfd_open(2).</summary>
    /// <returns>The descriptor, which is closed on exec; or the error as a negative number.</returns>
    public static int OpenProcess(int processId)
    {
        var descriptor = (int)Call(PidfdOpen, processId, 0, 0, 0);
        return descriptor < 0 ? -Error() : descriptor;
    }

    /// <summary>pidfd_send_signal(2).</summary>
    /// <returns>0, or the error.</returns>
    public static int SendTo(int process, int signal, int? value)
    {
        if (value is null)
        {
            return Call(PidfdSendSignal, process, signal, 0, 0) == 0 ? 0 : Error();
        }

        // siginfo_t: signal, error, code; sender and user; value. As sigqueue(3) fills it.
        var information = stackalloc byte[SignalInformationSize];
        new Span<byte>(information, SignalInformationSize).Clear();
        var numbers = (int*)information;
        numbers[0] = signal;
        numbers[2] = QueuedCode;
        var sender = sizeof(nint) == 8 ? 4 : 3;
        numbers[sender] = Environment.ProcessId;
        numbers[sender + 1] = (int)RealUser();
        *(nint*)&numbers[sender + 2] = value.Value;
        return Call(PidfdSendSignal, process, signal, (nint)information, 0) == 0 ? 0 : Error();
    }

    /// <summary>Waits for the end of a child without reaping it, or reaps one that has ended: waitid(2).</summary>
    /// <param name="kind">Which children: <see cref="AnyChild"/>, <see cref="OneChild"/>, or one by its descriptor.</param>
    /// <param name="id">Its process id, or its descriptor.</param>
    /// <param name="reaps">Whether its id may be given away after this.</param>
    /// <param name="waits">Whether to wait; otherwise nobody may have ended.</param>
    /// <param name="report">Who has ended, and how.</param>
    /// <returns>0, or the error.</returns>
    public static int Wait(int kind, int id, bool reaps, bool waits, out ExitReport report)
    {
        const int Exited = 4;
        const int NoHang = 1;
        var noReap = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;
        var information = stackalloc byte[SignalInformationSize];
        new Span<byte>(information, SignalInformationSize).Clear();
        int error;
        do
        {
            error = WaitId(kind, id, information, Exited | (reaps ? 0 : noReap) | (waits ? 0 : NoHang)) == 0 ? 0 : Error();
        }
        while (error == Interrupted);

        // siginfo_t: signal, error and code on Linux and macOS alike; then the process, its user, and the status, aligned as a pointer on Linux.
        var numbers = (int*)information;
        var process = OperatingSystem.IsLinux() && sizeof(nint) == 8 ? 4 : 3;
        report = error == 0 ? new(numbers[process], numbers[2], numbers[process + 2]) : default;
        return error;
    }

    /// <summary>How the process of a pidfd ended; null where nobody says.</summary>
    /// <remarks>While a child of ours waits to be reaped waitid(2) tells, without reaping it; from Linux 6.15 on the descriptor itself tells when it
    /// has been reaped, whoever's child it was (PIDFD_INFO_EXIT of linux/pidfd.h).</remarks>
    public static ProcessExitStatus? ExitStatusOf(int process)
    {
        const int IdIsDescriptor = 3;
        const nuint GetInformation = 0xC040FF0B;
        const ulong ExitMask = 8;
        if (Wait(IdIsDescriptor, process, reaps: false, waits: false, out var report) == 0 && report.ProcessId != 0)
        {
            return report.ExitStatus;
        }

        // struct pidfd_info: the mask first, the exit status as the sixteenth number.
        var information = stackalloc byte[SignalInformationSize];
        new Span<byte>(information, SignalInformationSize).Clear();
        *(ulong*)information = ExitMask;
        return Control(process, GetInformation, information) == 0 && (*(ulong*)information & ExitMask) != 0 ? Decode(((int*)information)[15]) : null;
    }

    /// <summary>wait(2): seven bits of signal, one of core dump, eight of exit code.</summary>
    internal static ProcessExitStatus Decode(int status) => (status & 0x7F) == 0
        ? ProcessExitStatus.FromCode((status >> 8) & 0xFF)
        : ProcessExitStatus.FromSignal((ShutdownSignal)(status & 0x7F), (status & 0x80) != 0);

    /// <summary>How many descriptors the process may have (RLIMIT_NOFILE of getrlimit(2)).</summary>
    public static long DescriptorLimit()
    {
        var resource = OperatingSystem.IsLinux() ? 7 : 8;
        var limits = stackalloc nuint[2];
        return GetLimit(resource, limits) == 0 ? (long)ulong.Min(limits[0], int.MaxValue) : 256;
    }

    /// <summary>Makes an epoll(7).</summary>
    /// <returns>The descriptor, or a negative number.</returns>
    public static int CreateEpoll() => EpollCreate(CloseOnExec);

    /// <summary>Makes an eventfd(2) that does not block.</summary>
    /// <returns>The descriptor, or a negative number.</returns>
    public static int CreateBell() => EventDescriptor(0, CloseOnExec | 0x800);

    public static void Ring(int bell)
    {
        ulong one = 1;
        _ = LibC.Write(bell, (byte*)&one, sizeof(ulong));
    }

    public static void Silence(int bell)
    {
        ulong count;
        _ = Read(bell, (byte*)&count, sizeof(ulong));
    }

    /// <summary>Has an epoll tell when a descriptor can be read.</summary>
    public static bool EpollAdd(int epoll, int descriptor, long tag)
    {
        const int Add = 1;
        const uint CanRead = 1;
        var entry = stackalloc byte[16];
        *(uint*)entry = CanRead;
        *(long*)(entry + EpollEventSize - sizeof(long)) = tag;
        return EpollControl(epoll, Add, descriptor, entry) == 0;
    }

    public static void EpollRemove(int epoll, int descriptor)
    {
        const int Delete = 2;
        var entry = stackalloc byte[16];
        _ = EpollControl(epoll, Delete, descriptor, entry);
    }

    /// <summary>Waits until some can be read.</summary>
    /// <returns>How many; 0 when the time is over.</returns>
    public static int EpollWait(int epoll, Span<long> tags, int milliseconds)
    {
        var events = stackalloc byte[16 * tags.Length];
        var count = EpollWait(epoll, events, tags.Length, milliseconds);
        for (var i = 0; i < count; i++)
        {
            tags[i] = *(long*)(events + ((i + 1) * EpollEventSize) - sizeof(long));
        }

        return count < 0 && Error() == Interrupted ? 0 : count;
    }

    [LibraryImport(Library, EntryPoint = "getpgid", SetLastError = true)]
    public static partial int GroupOf(int processId);

    [LibraryImport(Library, EntryPoint = "getsid", SetLastError = true)]
    public static partial int SessionOf(int processId);

    private static int Open(ReadOnlySpan<byte> path, int flags)
    {
        fixed (byte* name = path)
        {
            int descriptor;
            while ((descriptor = Open(name, flags)) < 0)
            {
                if (Error() != Interrupted)
                {
                    return -Error();
                }
            }

            return descriptor;
        }
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(Library, EntryPoint = "getuid")]
    private static partial uint RealUser();

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int id, byte* information, int options);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, nuint* limits);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, byte* entries, int count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint count, int flags);
}
