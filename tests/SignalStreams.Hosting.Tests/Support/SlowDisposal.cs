using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests;

/// <summary>An exporter of logs that takes its time to write out what it has. It is among the first that a host makes, and so among the last that it disposes of.</summary>
internal sealed class SlowDisposal : ILoggerProvider
{
    private readonly ManualResetEventSlim _goOn = new();

    public TaskCompletionSource Disposing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ILogger CreateLogger(string categoryName) => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void GoOn() => _goOn.Set();

    public void Dispose()
    {
        Disposing.TrySetResult();
        _goOn.Wait(SignalStreams.Tests.Patience.Limit, CancellationToken.None);
    }
}
