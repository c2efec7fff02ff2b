using System.Diagnostics.Tracing;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Prints what the library reports to its event source.</summary>
internal sealed class Events : EventListener
{
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "SignalStreams")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        Output.Line($"event {eventData.EventName} {eventData.Payload?.FirstOrDefault()}");
}
