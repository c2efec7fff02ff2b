using System.Runtime.InteropServices;
using System.Text;

namespace SignalStreams.PeersTarget;

/// <summary>Standard output, byte by byte, without the classes that a console needs: the driver takes the time of each byte, and that of the start.</summary>
internal static unsafe partial class Answer
{
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            if (Write(1, first, bytes.Length) != bytes.Length)
            {
                throw new IOException("The driver does not listen any more.");
            }
        }
    }

    public static void Write(string text) => Write(Encoding.ASCII.GetBytes(text));

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nint count);
}
