using System.Diagnostics.Tracing;

namespace SignalStreams;

/// <summary>The event source "SignalStreams": what the library contains instead of throwing it at whoever is not to blame.</summary>
[EventSource(Name = "SignalStreams")]
internal sealed class SignalStreamsEventSource : EventSource
{
    private SignalStreamsEventSource()
    {
    }

    public static SignalStreamsEventSource Log { get; } = new();

    [Event(1, Level = EventLevel.Error, Message = "A consumer of {0} threw, which ended nothing else: {1}")]
    public void ConsumerFailed(string surface, string exception) => WriteEvent(1, surface, exception);

    [Event(2, Level = EventLevel.Warning, Message = "A receiver for {0} became unreachable without being disposed, and was closed. Keep it in a using.")]
    public void ReceiverNotDisposed(string signals) => WriteEvent(2, signals);

    [Event(3, Level = EventLevel.Informational, Message = "{0} was left unread by its last receiver and is raised again.")]
    public void Redelivered(string signal) => WriteEvent(3, signal);

    [Event(4, Level = EventLevel.Error, Message = "No further delivery thread could be started; delivery waits for those that are busy: {0}")]
    public void NoThread(string reason) => WriteEvent(4, reason);

    [Event(5, Level = EventLevel.Error, Message = "A signal that a receiver left unread could not be raised again: {0}")]
    public void RedeliveryFailed(string exception) => WriteEvent(5, exception);

    [Event(6, Level = EventLevel.Informational, Message = "The process was asked to end: {0}")]
    public void ShutdownRequested(string reason) => WriteEvent(6, reason);

    [Event(7, Level = EventLevel.Warning, Message = "{0}")]
    public void ShutdownHeldUp(string verdict) => WriteEvent(7, verdict);

    [Event(8, Level = EventLevel.Informational, Message = "{0}")]
    public void ShutdownEnded(string timeline) => WriteEvent(8, timeline);

    [Event(9, Level = EventLevel.Warning, Message = "The {1} s that Windows gives at {0} are over, and not everybody who was given it is done. The system ends the process now.")]
    public void HoldEnded(string signal, double seconds) => WriteEvent(9, signal, seconds);

    [Event(10, Level = EventLevel.Warning, Message = "There are no hidden windows, so taskkill does not reach this process, and the end of a session only by the console: {0}")]
    public void NoWindows(string reason) => WriteEvent(10, reason);

    [Event(11, Level = EventLevel.Error, Message = "The controls of the service cannot be received: {0}")]
    public void NoServiceControls(string reason) => WriteEvent(11, reason);
}
