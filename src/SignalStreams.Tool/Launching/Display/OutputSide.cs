using System.Buffers;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>Standard output or standard error of a launch: gathers what is to be written, and has it written by a thread of its own, since a reader may let it
/// wait.</summary>
/// <remarks>For one thread, but <see cref="IsDropped"/>.</remarks>
#pragma warning disable CA1001 // A semaphore whose handle nobody asks for holds nothing.
internal sealed class OutputSide(Stream stream, string name, bool hasColours)
#pragma warning restore CA1001
{
    // What a pipe takes.
    private const int Most = 64 * 1024;

    // So long the other side waits for this one: where both go to one place, what came first stands first.
    private static readonly TimeSpan OrderLimit = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _handedOver = new(0);
    private ArrayBufferWriter<byte> _gathered = new();
    private ArrayBufferWriter<byte> _sending = new();
    private TaskCompletionSource _sent = new();
    private Thread? _writer;
    private string? _open;
    private (Task Sent, long Since) _wait = (Task.CompletedTask, 0);
    private volatile bool _isDropped;

    /// <summary>"standard output".</summary>
    public string Name => name;

    /// <summary>Whether it lets the writer wait, or cannot be written to any more and has not been dropped yet.</summary>
    public bool IsStuck => _writer is not null && !_isDropped && !_sent.Task.IsCompletedSuccessfully;

    /// <summary>Whether what is to be written here is passed over from now on.</summary>
    public bool IsDropped => _isDropped;

    /// <summary>Whether something is left that it may yet take.</summary>
    public bool HasMore => !_isDropped && (_gathered.WrittenCount > 0 || IsStuck);

    /// <summary>Ends when what was handed over last has been taken, or cannot be written.</summary>
    public Task Sent => _sent.Task;

    /// <summary>Why it cannot be written to any more; null when it can.</summary>
    public IOException? Failure => _sent.Task.Exception?.InnerException as IOException;

    /// <summary>How long it has taken nothing, while somebody has asked.</summary>
    public TimeSpan StuckFor(TimeProvider time)
    {
        if (_wait.Sent != Sent)
        {
            _wait = (Sent, time.GetTimestamp());
        }

        return time.GetElapsedTime(_wait.Since);
    }

    /// <summary>A line that a task has written, behind the task's name.</summary>
    public void Write(string task, int colour, OutputLine line)
    {
        if (_isDropped)
        {
            return;
        }

        if (_open != task)
        {
            Close();
            Append(hasColours ? $"\e[{colour}m[{SafeText.Line(task)}]\e[0m " : $"[{SafeText.Line(task)}] ");
        }

        _gathered.Write(line.Bytes.Span);
        _open = line.IsComplete ? null : task;
        if (line.IsComplete)
        {
            Append("\n");
        }

        if (_gathered.WrittenCount >= Most)
        {
            Send();
        }
    }

    /// <summary>A line of the launcher's own.</summary>
    public void Say(string text, bool isProblem)
    {
        if (!_isDropped)
        {
            Close();
            Append($"{(hasColours ? $"\e[{(isProblem ? 31 : 1)}msignalstreams:\e[0m" : "signalstreams:")} {text}\n");
            Send();
        }
    }

    /// <summary>Ends a line that has no end.</summary>
    public void Close()
    {
        if (_open is not null)
        {
            _open = null;
            Append("\n");
        }
    }

    /// <summary>Has written what is gathered, and waits a moment for it. Whole lines in one write: what others write to the same place does not come in between.</summary>
    public void Send()
    {
        if (_isDropped || _gathered.WrittenCount == 0 || IsStuck)
        {
            return;
        }

        (_gathered, _sending) = (_sending, _gathered);
        _sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_writer is null)
        {
            _writer = new Thread(WriteAll) { IsBackground = true, Name = name };
            _writer.Start();
        }

        _handedOver.Release();
        try
        {
            _sent.Task.Wait(OrderLimit);
        }
        catch (AggregateException)
        {
            // See Failure.
        }
    }

    /// <summary>Takes nothing any more.</summary>
    public void Drop()
    {
        _isDropped = true;
        _handedOver.Release();
    }

    private void WriteAll()
    {
        while (true)
        {
            _handedOver.Wait();
            if (_isDropped)
            {
                return;
            }

            try
            {
                stream.Write(_sending.WrittenSpan);
                _sending.ResetWrittenCount();
                _sent.SetResult();
            }
            catch (IOException bad)
            {
                _sent.SetException(bad);
                return;
            }
        }
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _gathered);
}
