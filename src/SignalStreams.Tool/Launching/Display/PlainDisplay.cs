using System.Threading.Channels;

namespace SignalStreams.Tool;

/// <summary>Prints each line that a task writes behind its name: what it wrote to standard output there, and so for standard error.</summary>
/// <remarks>A slow reader holds up the tasks, as a pipe would, and neither the launcher nor what it has to say on the other stream. When the launch is stopped,
/// a stream whose reader takes nothing is given up: a task that waits to write its last words could not end.</remarks>
internal sealed class PlainDisplay : ILaunchDisplay
{
    // Less than the library's own patience, after which it drops what the task has written since.
    private static readonly TimeSpan LastWords = LineQueue.ReaderPatience / 2;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly OutputSide _output;
    private readonly OutputSide _error;
    private readonly bool _isQuiet;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, int> _colours;
    private readonly Queue _outputLines = new(256);
    private readonly Queue _errorLines = new(256);
    private readonly Queue _messages = new(null);
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LaunchRunner? _runner;
    private Task _writing = Task.CompletedTask;
    private Action<string> _onClosed = _ => { };
    private long _last;

    public PlainDisplay(IEnumerable<LaunchTask> tasks, Stream output, Stream error, bool colourOutput, bool colourError, bool isQuiet, TimeProvider time)
    {
        _output = new OutputSide(output, "standard output", colourOutput);
        _error = new OutputSide(error, "standard error", colourError);
        _isQuiet = isQuiet;
        _time = time;
        _colours = tasks.Select((task, number) => (task.Name, Colour: Colours[number % Colours.Length])).ToDictionary(pair => pair.Name, pair => pair.Colour, StringComparer.Ordinal);
    }

    public void Start(LaunchRunner runner, Action<string> onClosed)
    {
        _runner = runner;
        _onClosed = onClosed;

        // A thread of its own, to the end: it is not held up by whatever else this process does.
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken) =>
        _isQuiet || (line.IsError ? _error : _output).IsDropped ? ValueTask.CompletedTask
            : (line.IsError ? _errorLines : _outputLines).Writer.WriteAsync(new Item(Interlocked.Increment(ref _last), task.Name, line, null), cancellationToken);

    public void Message(string text, bool isProblem = false) =>
        _messages.Writer.TryWrite(new Item(Interlocked.Increment(ref _last), "", null, SafeText.Line(text), isProblem));

    public void Changed()
    {
        if (_runner is { IsStopping: true })
        {
            _ending.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _outputLines.Writer.TryComplete();
        _errorLines.Writer.TryComplete();
        _messages.Writer.TryComplete();
        _ending.TrySetResult();

        // It ends by itself, but on a machine that has no time for it.
        await _writing.WaitAsync(EndLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WriteAll()
    {
        while (true)
        {
            while (Next() is { } item)
            {
                Write(item);

                // Here too: what comes on the other stream may never pause.
                Heed(_output);
                Heed(_error);
            }

            var isLast = _outputLines.IsOver && _errorLines.IsOver && _messages.IsOver;
            if (isLast)
            {
                _output.Close();
                _error.Close();
            }

            // Nothing waits: what is gathered is shown now.
            _output.Send();
            _error.Send();
            Heed(_output);
            Heed(_error);
            if (isLast && !_output.HasMore && !_error.HasMore)
            {
                _output.Drop();
                _error.Drop();
                return;
            }

            Wait();
        }
    }

    // The oldest of what can be written now.
    private Item? Next()
    {
        Queue? first = null;
        foreach (var queue in (ReadOnlySpan<Queue?>)[_output.IsStuck ? null : _outputLines, _error.IsStuck ? null : _errorLines, _error.IsStuck ? null : _messages])
        {
            first = queue?.Head is { } head && (first?.Head is not { } other || head.Number < other.Number) ? queue : first;
        }

        return first?.Take();
    }

    private void Write(Item item)
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
    }

    // Gives up a stream that is closed, and one that takes nothing at the end.
    private void Heed(OutputSide side)
    {
        if (side.IsDropped)
        {
            return;
        }

        if (side.Failure is { } closed)
        {
            side.Drop();
            _onClosed(closed is ClosedOutputException ? "nobody reads the output any more" : closed.Message.TrimEnd('.'));
        }
        else if (Left(side) <= TimeSpan.Zero)
        {
            side.Drop();
            _error.Say($"nobody reads {side.Name}: what is still written there is lost", isProblem: true);
        }
    }

    // What is left of the patience with a stream that takes nothing while the launch ends; null when it has no end.
    private TimeSpan? Left(OutputSide side) => side.IsStuck && _ending.Task.IsCompleted ? LastWords - side.StuckFor(_time) : null;

    private void Wait()
    {
        if ((_output.HasMore && !_output.IsStuck) || (_error.HasMore && !_error.IsStuck))
        {
            // It has been taken in this moment, and the next can be sent.
            return;
        }

        List<Task> events = [];
        Add(_output, [_outputLines]);
        Add(_error, [_errorLines, _messages]);
        if (events.Count > 0)
        {
            Task.WhenAny(events).Wait();
        }

        void Add(OutputSide side, ReadOnlySpan<Queue> queues)
        {
            if (!side.IsStuck)
            {
                foreach (var queue in queues)
                {
                    if (!queue.IsOver)
                    {
                        events.Add(queue.Waiting);
                    }
                }

                return;
            }

            events.Add(side.Sent);
            events.Add(Left(side) is { } left ? Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time) : _ending.Task);
        }
    }

    private sealed record Item(long Number, string Task, OutputLine? Line, string? Text, bool IsProblem = false);

    // What waits to be written, in the order in which it came.
    private sealed class Queue(int? capacity)
    {
        private readonly Channel<Item> _items = capacity is { } most
            ? Channel.CreateBounded<Item>(new BoundedChannelOptions(most) { SingleReader = true })
            : Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });

        private Task<bool>? _waiting;

        public ChannelWriter<Item> Writer => _items.Writer;

        public Item? Head => _items.Reader.TryPeek(out var item) ? item : null;

        public bool IsOver => _items.Reader.Completion.IsCompleted;

        public Task Waiting => _waiting is { IsCompleted: false } ? _waiting : _waiting = _items.Reader.WaitToReadAsync().AsTask();

        public Item? Take() => _items.Reader.TryRead(out var item) ? item : null;
    }
}
