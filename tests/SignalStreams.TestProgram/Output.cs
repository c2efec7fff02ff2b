using System.Runtime.InteropServices;
using System.Text;

namespace SignalStreams.TestProgram;

/// <summary>Prints for the test that watches.</summary>
/// <remarks>Not <see cref="Console"/>: one write(2) for each line, so that lines of several threads do not mix and none is held back,
/// and no lock of the console's that a hung thread could hold.</remarks>
internal static unsafe partial class Output
{
    public static void Line(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\n");
        fixed (byte* start = bytes)
        {
            _ = Write(1, start, bytes.Length);
        }
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nint count);
}
