using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace SignalStreams.Tests;

/// <summary>What the event source "SignalStreams" reports, of all tests that run at the time: look for a text of one's own.</summary>
internal sealed class Reports : EventListener
{
    private readonly ConcurrentQueue<(string Surface, string Exception)> _failures = new();

    public Reports() => EnableEvents(SignalStreamsEventSource.Log, EventLevel.Error);

    public static string UniqueText() => Guid.NewGuid().ToString();

    public IReadOnlyList<(string Surface, string Exception)> FailuresOf(string text) =>
        [.. _failures.Where(failure => failure.Exception.Contains(text, StringComparison.Ordinal))];

    public async Task<(string Surface, string Exception)> FailureAsync(string text)
    {
        await Patience.UntilAsync(() => FailuresOf(text).Count > 0, $"a report with {text}");
        return Assert.Single(FailuresOf(text));
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Called before the constructor has run, when the source writes just then.
        if (eventData is { EventName: nameof(SignalStreamsEventSource.ConsumerFailed), Payload: [string surface, string exception] })
        {
            _failures?.Enqueue((surface, exception));
        }
    }
}
