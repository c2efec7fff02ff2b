using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SignalStreams.Hosting.Tests;

/// <summary>A log that takes a while for one line, as one across a network.</summary>
/// <param name="beginning">How the line begins.</param>
internal sealed class SlowLog(string beginning) : ILoggerProvider, ILogger
{
    private static readonly TimeSpan While = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _isBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWritten;

    /// <summary>Whether it has begun to write the line.</summary>
    public Task Begun => _isBegun.Task;

    public bool IsWritten => _isWritten;

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("SignalStreams", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).StartsWith(beginning, StringComparison.Ordinal))
        {
            _isBegun.SetResult();
            Thread.Sleep(While);
            _isWritten = true;
        }
    }

    public void Dispose()
    {
    }
}
