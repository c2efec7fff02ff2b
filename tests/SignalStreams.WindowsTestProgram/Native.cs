using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTestProgram;

internal static partial class Native
{
    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int FreeConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int AllocConsole();

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int GenerateConsoleCtrlEvent(uint @event, uint group);

    public static void Require(int result, string call)
    {
        if (result == 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), call);
        }
    }
}
