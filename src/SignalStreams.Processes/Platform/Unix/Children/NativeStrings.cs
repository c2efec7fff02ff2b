using System.Runtime.InteropServices;
using System.Text;

namespace SignalStreams;

/// <summary>An array of strings as execve(2) wants it: UTF-8, each ended by a zero, and the array ended by a null.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte* _block;

    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        long size = (strings.Count + 1) * sizeof(byte*);
        var text = size;
        foreach (var item in strings)
        {
            size += Encoding.UTF8.GetByteCount(item) + 1;
        }

        _block = (byte*)NativeMemory.AllocZeroed((nuint)size);
        Pointer = (byte**)_block;
        var next = _block + text;
        var end = _block + size;
        var i = 0;
        foreach (var item in strings)
        {
            Pointer[i++] = next;
            next += Encoding.UTF8.GetBytes(item, new Span<byte>(next, (int)Math.Min(end - next, int.MaxValue))) + 1;
        }
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
        Pointer = null;
    }
}
