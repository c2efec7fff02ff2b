using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>A logger that never throws.</summary>
/// <remarks>What a provider of the program's throws must not keep a signal from stopping the host, nor end the process from a timer.</remarks>
internal sealed class ContainedLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    // Where it throws, the log is asked for all, and throws where that is contained.
    public bool IsEnabled(LogLevel logLevel)
    {
        var isEnabled = true;
        Contain(() => isEnabled = inner.IsEnabled(logLevel));
        return isEnabled;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Contain(() => inner.Log(logLevel, eventId, state, exception, formatter));

    private static void Contain(Action call)
    {
        try
        {
            call();
        }
#pragma warning disable CA1031 // Whatever it throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed("the log", Describe(e));
        }
    }

    // It may have been the exception to be logged that could not be described.
    private static string Describe(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
#pragma warning disable CA1031 // Whatever it throws.
        catch (Exception)
#pragma warning restore CA1031
        {
            return exception.GetType().Name;
        }
    }
}
