using System.Diagnostics;
using System.Text;

namespace SignalStreams.Benchmarks.Rolling;

/// <summary>A process of a rolling restart, which ends with us, whatever happens, and whose output is kept.</summary>
internal sealed class RollingProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly SupervisedProcess _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    public RollingProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = SupervisedProcess.Start(start);
        _reading = ReadAsync();
    }

    public bool HasEnded => _process.Completion.IsCompleted;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    public async Task EndAsync(ShutdownSignal signal)
    {
        _process.TrySend(signal);
        try
        {
            await _process.Completion.WaitAsync(EndLimit);
            await _reading.WaitAsync(EndLimit);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_process.Name} has not ended {EndLimit.TotalSeconds} s after {signal}. It wrote:\n{Output}", e);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task ReadAsync()
    {
        await foreach (var line in _process.ReadLinesAsync())
        {
            lock (_output)
            {
                _output.Append(line.Text).Append('\n');
            }
        }
    }
}
