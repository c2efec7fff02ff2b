using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.Tool;

/// <summary>Writes to a descriptor, and says when nobody reads it.</summary>
/// <remarks>Not <see cref="Console.OpenStandardOutput()"/>, which swallows EPIPE (ConsolePal.Unix.cs, Write), so that <c>… | head -1</c> would go on for
/// nobody; nor a file stream, which writes at an offset of its own and overwrites what others append to the same file.</remarks>
internal sealed class DescriptorStream(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private const int InputOutputError = 5;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;
    private const short CanBeWritten = 4;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (var written = 0; written < buffer.Length;)
            {
                var count = NativeMethods.Write(descriptor, start + written, buffer.Length - written);
                if (count >= 0)
                {
                    written += (int)count;
                    continue;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        break;
                    case TryAgain:
                        // Somebody who shares the descriptor has made it non-blocking.
                        var request = new PollRequest { Descriptor = descriptor, Events = CanBeWritten };
                        _ = NativeMethods.Poll(&request, 1, -1);
                        break;
                    // A terminal that is closed answers EIO.
                    case BrokenPipe or InputOutputError:
                        throw new ClosedOutputException();
                    case var error:
                        throw new IOException($"The output cannot be written: {new Win32Exception(error).Message}.");
                }
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
