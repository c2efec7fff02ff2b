using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Asks the kernel whether this process may execute a file or enter a folder, by all rules that it knows.</summary>
internal static partial class UnixFileAccess
{
    private const int ExecuteOrEnter = 1;

    /// <returns>0, or the error number of access(2).</returns>
    public static int Execute(string path) => Access(path, ExecuteOrEnter) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
