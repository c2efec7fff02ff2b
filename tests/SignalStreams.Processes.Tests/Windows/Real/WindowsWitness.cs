namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>One beside those that are meant ("answer" of windowschild.c): it survives each event of the console, and says so.</summary>
/// <remarks>An event runs on a thread of its own, so that one looks too early who looks once. Here the test sends the last event itself: whatever hit the witness
/// before is told before that one. It holds the thread that calls.</remarks>
internal sealed class WindowsWitness : IDisposable
{
    private const string Question = "still there?";

    private readonly Stream _input;
    private readonly StreamReader _output;
    private readonly List<string> _said = [];

    /// <param name="input">What it reads.</param>
    /// <param name="output">What it writes.</param>
    public WindowsWitness(Stream input, Stream output)
    {
        _input = input;
        _output = new(output);
    }

    /// <summary>Waits until it is ready.</summary>
    /// <returns>Its id.</returns>
    public int Ready() => WindowsPrograms.IdOf(_output.ReadLine());

    /// <summary>Waits for its answer: no event waits for it any more, of which Wine would make one with the next.</summary>
    public void Ask()
    {
        _input.Write(System.Text.Encoding.UTF8.GetBytes($"{Question}\n"));
        _input.Flush();
        ReadTo(Question);
    }

    /// <summary>Waits until it has told of an event that was sent after <see cref="Ask"/>, and lets it end.</summary>
    /// <returns>All that it has said since it was ready: "event 0" once, where nobody else sent anything.</returns>
    public string End()
    {
        ReadTo("event 0");
        Ask();
        _input.Dispose();
        ReadTo(null);
        return string.Join(", ", _said.Where(line => line != Question));
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    private void ReadTo(string? last)
    {
        while (_output.ReadLine() is { } line)
        {
            _said.Add(line);
            if (line == last)
            {
                return;
            }
        }

        if (last is not null)
        {
            _said.Add($"ended before '{last}'");
        }
    }
}
