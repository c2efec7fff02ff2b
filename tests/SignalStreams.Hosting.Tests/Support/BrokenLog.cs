using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests;

/// <summary>A log that cannot be written, as one on a full disk.</summary>
internal sealed class BrokenLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) ? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance : this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new IOException("the disk is full");

    public void Dispose()
    {
    }
}
