using System.Runtime.InteropServices;

// Functions of the system only: nothing is looked for beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace SignalStreams.Tool;

/// <summary>The few calls that the console of the runtime has no word for.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "libc";

    /// <summary>PR_SET_DUMPABLE of prctl(2).</summary>
    public const int SetDumpable = 4;

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int descriptor);

    [LibraryImport(Library, EntryPoint = "getpgrp")]
    public static partial int OwnGroup();

    [LibraryImport(Library, EntryPoint = "prctl")]
    public static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
