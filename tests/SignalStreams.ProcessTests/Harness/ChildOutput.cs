using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace SignalStreams.ProcessTests;

/// <summary>Reads what a child prints, line by line, on a thread of its own.</summary>
internal sealed partial class ChildOutput
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _everything = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildOutput(int descriptor) => new Thread(() => ReadAll(descriptor)) { IsBackground = true, Name = "child output" }.Start();

    /// <summary>Completes when nobody holds the child's output any more and all of it has been read.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The lines that no test has read yet.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    public override string ToString()
    {
        lock (_everything)
        {
            return _everything.ToString();
        }
    }

    private unsafe void ReadAll(int descriptor)
    {
        var bytes = stackalloc byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var chars = new char[4096];
        var line = new StringBuilder();
        while (true)
        {
            var count = (int)LibC.Read(descriptor, bytes, 4096);
            if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
            {
                continue;
            }

            // A terminal that nobody holds any more answers EIO.
            if (count <= 0)
            {
                break;
            }

            var text = chars.AsSpan(0, decoder.GetChars(new ReadOnlySpan<byte>(bytes, count), chars, flush: false));
            lock (_everything)
            {
                _everything.Append(text);
            }

            foreach (var c in text)
            {
                if (c == '\n')
                {
                    Add(line);
                }
                else
                {
                    line.Append(c);
                }
            }
        }

        if (line.Length > 0)
        {
            Add(line);
        }

        _lines.Writer.Complete();
        _ended.SetResult();
    }

    private void Add(StringBuilder line)
    {
        _lines.Writer.TryWrite(Escapes().Replace(line.ToString(), "").TrimEnd('\r'));
        line.Clear();
    }

    // What the console of the runtime writes to a terminal between the lines of a program: modes of keypad and cursor.
    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escapes();
}
