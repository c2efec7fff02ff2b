using System.Buffers;
using System.Text;
using System.Threading.Channels;

namespace SignalStreams.Tool;

/// <summary>Prints each line that a task writes behind its name: what it wrote to standard output there, and so for standard error.</summary>
/// <remarks>One loop writes: a slow reader holds up the tasks, as a pipe would, and never the launcher.</remarks>
internal sealed class PlainDisplay : ILaunchDisplay
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly Side _output;
    private readonly Side _error;
    private readonly bool _isQuiet;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, int> _colours;
    private readonly Channel<Item> _lines = Channel.CreateBounded<Item>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly Channel<Item> _messages = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private Task _writing = Task.CompletedTask;
    private Action<string> _onClosed = _ => { };
    private volatile bool _isClosed;

    public PlainDisplay(IEnumerable<LaunchTask> tasks, Stream output, Stream error, bool colourOutput, bool colourError, bool isQuiet, TimeProvider time)
    {
        _output = new Side(output, colourOutput);
        _error = new Side(error, colourError);
        _isQuiet = isQuiet;
        _time = time;
        _colours = tasks.Select((task, number) => (task.Name, Colour: Colours[number % Colours.Length])).ToDictionary(pair => pair.Name, pair => pair.Colour, StringComparer.Ordinal);
    }

    public void Start(LaunchRunner runner, Action<string> onClosed)
    {
        _onClosed = onClosed;

        // A thread of its own, to the end: a reader may let it wait.
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken) =>
        _isQuiet || _isClosed ? ValueTask.CompletedTask : _lines.Writer.WriteAsync(new Item(task.Name, line, null), cancellationToken);

    public void Message(string text, bool isProblem = false) => _messages.Writer.TryWrite(new Item("", null, SafeText.Line(text), isProblem));

    public void Changed()
    {
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        _messages.Writer.TryComplete();

        // Whoever reads nothing any more does not keep the launcher from ending.
        await _writing.WaitAsync(LastWords, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WriteAll()
    {
        var line = _lines.Reader.WaitToReadAsync().AsTask();
        var message = _messages.Reader.WaitToReadAsync().AsTask();
        var (hasLines, hasMessages) = (true, true);
        while (hasLines || hasMessages)
        {
            Task.WhenAny(hasLines ? line : message, hasMessages ? message : line).GetAwaiter().GetResult();
            while (_messages.Reader.TryRead(out var said) || _lines.Reader.TryRead(out said))
            {
                Write(said);
            }

            // Nothing waits: what is gathered is shown now.
            Try(() =>
            {
                _output.Send();
                _error.Send();
            });
            (line, hasLines) = Next(_lines.Reader, line, hasLines);
            (message, hasMessages) = Next(_messages.Reader, message, hasMessages);
        }

        _output.End();
        _error.End();

        static (Task<bool> Waiting, bool HasMore) Next(ChannelReader<Item> reader, Task<bool> waiting, bool hasMore) =>
            !hasMore || !waiting.IsCompleted ? (waiting, hasMore)
            : waiting.GetAwaiter().GetResult() ? (reader.WaitToReadAsync().AsTask(), true)
            : (waiting, false);
    }

    private void Write(Item item) => Try(() =>
    {
        // Where both go to one place, what came first stands first.
        (item.Line is { IsError: false } ? _error : _output).Send();
        if (item.Line is { } line)
        {
            (line.IsError ? _error : _output).Write(item.Task, _colours[item.Task], line);
        }
        else
        {
            _error.Say(item.Text!, item.IsProblem);
        }
    });

    private void Try(Action write)
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException closed)
        {
            _isClosed = true;
            _onClosed(closed is ClosedOutputException ? "nobody reads the output any more" : closed.Message.TrimEnd('.'));
        }
    }

    private sealed record Item(string Task, OutputLine? Line, string? Text, bool IsProblem = false);

    // One of the two streams, and whose line stands there without an end.
    private sealed class Side(Stream stream, bool hasColours)
    {
        // What a pipe takes.
        private const int Most = 64 * 1024;
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private string? _open;

        public void Write(string task, int colour, OutputLine line)
        {
            if (_open != task)
            {
                Close();
                Append(hasColours ? $"\e[{colour}m[{SafeText.Line(task)}]\e[0m " : $"[{SafeText.Line(task)}] ");
            }

            _buffer.Write(line.Bytes.Span);
            _open = line.IsComplete ? null : task;
            if (line.IsComplete)
            {
                Append("\n");
            }

            if (_buffer.WrittenCount >= Most)
            {
                Send();
            }
        }

        public void Say(string text, bool isProblem)
        {
            Close();
            Append($"{(hasColours ? $"\e[{(isProblem ? 31 : 1)}msignalstreams:\e[0m" : "signalstreams:")} {text}\n");
            Send();
        }

        public void End()
        {
            Close();
            try
            {
                Send();
            }
            catch (IOException)
            {
                // Nobody is there to see it.
            }
        }

        private void Close()
        {
            if (_open is not null)
            {
                _open = null;
                Append("\n");
            }
        }

        private void Append(string text) => Encoding.UTF8.GetBytes(text, _buffer);

        // Whole lines in one write: what others write to the same place does not come in between.
        public void Send()
        {
            if (_buffer.WrittenCount == 0)
            {
                return;
            }

            try
            {
                stream.Write(_buffer.WrittenSpan);
            }
            finally
            {
                _buffer.ResetWrittenCount();
            }
        }
    }
}
