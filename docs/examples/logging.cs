// What the library contains instead of throwing it (a callback that throws, a receiver that nobody disposed), in the log of a program without a host.
#:project ../../src/SignalStreams/SignalStreams.csproj
#:package Microsoft.Extensions.Logging.Console
using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(options => options.SingleLine = true));
using var bridge = new SignalStreamsLog(logging);

using var careless = Signals.OnShutdown(_ => throw new InvalidOperationException("the callback failed"), SIGHUP);
using var shutdown = Signals.CancelOn(SIGINT, SIGTERM);
Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill -HUP {Environment.ProcessId}, then kill {Environment.ProcessId}");

await Task.Delay(Timeout.Infinite, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

internal sealed class SignalStreamsLog(ILoggerFactory loggers) : EventListener
{
    private readonly ILogger _logger = loggers.CreateLogger("SignalStreams");

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "SignalStreams")
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) => _logger.Log(
        eventData.Level switch
        {
            EventLevel.Critical or EventLevel.Error => LogLevel.Error,
            EventLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        },
        new EventId(eventData.EventId, eventData.EventName),
        eventData.Message,
        [.. eventData.Payload ?? []]);
}
