using System.Text;

namespace SignalStreams;

/// <summary>A line that a process wrote.</summary>
/// <param name="Bytes">The line as it was written, without its line feed. It may be kept; keeping it keeps the buffer that it was read into, 80 KB or what
/// the line needs.</param>
/// <param name="IsError">Whether it came from standard error.</param>
/// <param name="IsComplete">Whether a line feed ended it; false for a piece of one that is longer than <see cref="SupervisedProcessOptions.MaxLineLength"/>, and
/// for a last one that has none.</param>
/// <param name="ProcessId">Which process wrote it, where several ran one after the other.</param>
public sealed record OutputLine(ReadOnlyMemory<byte> Bytes, bool IsError, bool IsComplete, int ProcessId)
{
    /// <summary>The line as text: UTF-8, without a carriage return at its end, with U+FFFD for what is no UTF-8. Made anew at each call.</summary>
    public string Text
    {
        get
        {
            // A piece may end between a carriage return and its line feed, or within text: only an end of line has one to remove.
            var bytes = Bytes.Span;
            return Encoding.UTF8.GetString(IsComplete && bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes);
        }
    }

    /// <summary>The line as text.</summary>
    public override string ToString() => Text;
}
