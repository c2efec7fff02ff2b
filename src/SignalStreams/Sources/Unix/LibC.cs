using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The few functions of the C library that the runtime does not offer.</summary>
internal static unsafe partial class LibC
{
    public const nint DefaultHandler = 0;
    public const nint IgnoreHandler = 1;

    /// <summary>More than struct sigaction (152 bytes with glibc) and struct termios (60) take on any platform; they are only ever copied whole.</summary>
    public const int OpaqueSize = 512;

    private const string Library = "libc";

    /// <summary>MFD_CLOEXEC of memfd_create(2).</summary>
    public const uint CloseOnExec = 1;

    /// <summary>POLLOUT of poll(2).</summary>
    public const short CanWrite = 4;

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    // union sigval is as wide as a pointer, and is passed as one.
    [LibraryImport(Library, EntryPoint = "sigqueue", SetLastError = true)]
    public static partial int SigQueue(int pid, int signal, nint value);

    [LibraryImport(Library, EntryPoint = "raise")]
    public static partial int Raise(int signal);

    [LibraryImport(Library, EntryPoint = "signal")]
    public static partial nint Signal(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "sigaction", SetLastError = true)]
    public static partial int SigAction(int signal, byte* action, byte* previous);

    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [LibraryImport(Library, EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport(Library, EntryPoint = "tcgetattr")]
    public static partial int GetTerminal(int descriptor, byte* attributes);

    [LibraryImport(Library, EntryPoint = "tcsetattr")]
    public static partial int SetTerminal(int descriptor, int when, byte* attributes);

    [LibraryImport(Library, EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int descriptor);

    [LibraryImport(Library, EntryPoint = "getpgrp")]
    public static partial int OwnGroup();

    [LibraryImport(Library, EntryPoint = "poll")]
    public static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>struct pollfd of poll(2).</summary>
    public struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
