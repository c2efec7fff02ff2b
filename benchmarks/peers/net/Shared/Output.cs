using System.Runtime.InteropServices;
using System.Text;

/// <summary>Standard output, byte by byte, without a buffer.</summary>
internal static unsafe class Output
{
    public static void Put(char letter)
    {
        var single = (byte)letter;
        write(1, &single, 1);
    }

    public static void Put(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* first = bytes)
        {
            write(1, first, bytes.Length);
        }
    }

    [DllImport("libc")]
    private static extern nint write(int descriptor, byte* bytes, nint count);
}
