using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace SignalStreams.ProcessTests;

/// <summary>Reads what a child prints, line by line, on a thread of its own.</summary>
internal sealed class ChildOutput
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _everything = new();
    private readonly Thread _thread;

    public ChildOutput(int descriptor)
    {
        _thread = new Thread(() => ReadAll(descriptor)) { IsBackground = true, Name = "child output" };
        _thread.Start();
    }

    /// <summary>The lines that no test has read yet.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    public override string ToString()
    {
        lock (_everything)
        {
            return _everything.ToString();
        }
    }

    /// <returns>False when somebody still holds the child's output after the time.</returns>
    public bool Join(TimeSpan limit) => _thread.Join(limit);

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
                    _lines.Writer.TryWrite(line.ToString().TrimEnd('\r'));
                    line.Clear();
                }
                else
                {
                    line.Append(c);
                }
            }
        }

        if (line.Length > 0)
        {
            _lines.Writer.TryWrite(line.ToString());
        }

        _lines.Writer.Complete();
    }
}
