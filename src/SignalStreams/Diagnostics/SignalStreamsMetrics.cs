using System.Diagnostics.Metrics;
using System.Runtime.Loader;

namespace SignalStreams;

/// <summary>The meter "SignalStreams". Its instruments are observed: what reads them runs when it asks, never on the way of a signal.</summary>
internal static class SignalStreamsMetrics
{
    private static int _receiversOpen;
    private static int _isPublished;

    public static bool IsPublished => Volatile.Read(ref _isPublished) != 0;

    /// <returns>True for the one caller that is to publish.</returns>
    public static bool TryBeginPublishing() => Interlocked.Exchange(ref _isPublished, 1) == 0;

    public static void Publish()
    {
#pragma warning disable CA2000 // It lives as long as the process, or as the load context below.
        var meter = new Meter("SignalStreams");
#pragma warning restore CA2000
        meter.CreateObservableCounter("signalstreams.signals.received", () => Measure(counts => counts.Received), "{signal}", "Signals that arrived while somebody listened.");
        meter.CreateObservableCounter("signalstreams.signals.coalesced", () => Measure(counts => counts.Coalesced), "{signal}", "Repeats that merged into a pending delivery, by receiver.");
        meter.CreateObservableCounter("signalstreams.signals.lost", () => Measure(counts => counts.Lost), "{signal}", "Queued signals that a full receiver lost.");
        meter.CreateObservableCounter("signalstreams.signals.redelivered", () => Measure(counts => counts.Redelivered), "{signal}", "Unread signals that were raised again when their last receiver closed.");
        meter.CreateObservableUpDownCounter("signalstreams.receivers.open", () => Volatile.Read(ref _receiversOpen), "{receiver}", "Receivers that are open now.");

        // Every meter of a process is in one list, which would keep the library loaded.
        if (AssemblyLoadContext.GetLoadContext(typeof(SignalStreamsMetrics).Assembly) is { IsCollectible: true } context)
        {
            context.Unloading += _ => meter.Dispose();
        }
    }

    public static void ReceiverOpened() => Interlocked.Increment(ref _receiversOpen);

    public static void ReceiverClosed() => Interlocked.Decrement(ref _receiversOpen);

    private static IEnumerable<Measurement<long>> Measure(Func<SignalCounts, long> value) =>
        SignalCounts.Everything.Select(entry => new Measurement<long>(value(entry.Value), new KeyValuePair<string, object?>("signal", entry.Key.GetName())));
}
