using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SignalStreams.Hosting.Tests;

/// <summary>A log that takes half a second for the line that the shutdown timeout has passed, as one across a network.</summary>
internal sealed class SlowLog : ILoggerProvider, ILogger
{
    private const string LimitPassed = "HostOptions.ShutdownTimeout (";

    private static readonly TimeSpan WritingTime = TimeSpan.FromMilliseconds(500);

    private readonly ManualResetEventSlim _isDisposed = new();
    private readonly TaskCompletionSource _isBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWritten;

    /// <summary>It has begun to write the line.</summary>
    public Task Begun => _isBegun.Task;

    /// <summary>Whether it has written it before it was disposed of.</summary>
    public bool IsWritten => _isWritten;

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("SignalStreams", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).StartsWith(LimitPassed, StringComparison.Ordinal))
        {
            _isBegun.SetResult();
            _isWritten = !_isDisposed.Wait(WritingTime);
        }
    }

    public void Dispose() => _isDisposed.Set();
}
