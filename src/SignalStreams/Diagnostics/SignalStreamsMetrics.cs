using System.Diagnostics.Metrics;
using System.Runtime.Loader;

namespace SignalStreams;

/// <summary>The meter "SignalStreams". Its instruments are observed: what reads them runs when it asks, never on the way of a signal.</summary>
internal static class SignalStreamsMetrics
{
    private static int _receiversOpen;
    private static int _isPublished;
    private static bool _isUnloading;
    private static Meter? _meter;

    // Every meter of a process is in one list, which would keep the library loaded. Told when the first listener opens: the
    // context says that it is being unloaded only once, and it may do so before there is a meter.
    static SignalStreamsMetrics()
    {
        var assembly = typeof(SignalStreamsMetrics).Assembly;
        if (assembly.IsCollectible && AssemblyLoadContext.GetLoadContext(assembly) is { } context)
        {
            context.Unloading += _ => Withdraw();
        }
    }

    public static bool IsPublished => Volatile.Read(ref _isPublished) != 0;

    /// <returns>True for the one caller that is to publish.</returns>
    public static bool TryBeginPublishing() => Interlocked.Exchange(ref _isPublished, 1) == 0;

    /// <summary>Runs the code of whoever listens to meters, and contains what it throws.</summary>
    public static void Publish()
    {
        try
        {
            _meter = CreateMeter();

            // It takes as long as the meter, and would otherwise be made while the process ends.
            _ = SignalStreamsEventSource.Log;
            Interlocked.MemoryBarrier();
            if (_isUnloading)
            {
                _meter.Dispose();
            }
        }
#pragma warning disable CA1031 // A listener that throws must not take the process with it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(Meter), e.ToString());
        }
    }

    /// <summary>Makes sure that the end of the load context will be noticed.</summary>
    public static void Prepare()
    {
        // The static constructor has done it.
    }

    public static void ReceiverOpened() => Interlocked.Increment(ref _receiversOpen);

    public static void ReceiverClosed() => Interlocked.Decrement(ref _receiversOpen);

    private static IEnumerable<Measurement<long>> Measure(Func<SignalCounts, long> value) =>
        SignalCounts.Everything.Select(counts => new Measurement<long>(value(counts), new KeyValuePair<string, object?>("signal", counts.Signal.GetName())));

    private static Meter CreateMeter()
    {
        var meter = new Meter("SignalStreams");
        meter.CreateObservableCounter("signalstreams.signals.received", () => Measure(counts => counts.Received), "{signal}", "Signals that arrived while somebody listened.");
        meter.CreateObservableCounter("signalstreams.signals.coalesced", () => Measure(counts => counts.Coalesced), "{signal}", "Repeats that merged into a pending delivery, by receiver.");
        meter.CreateObservableCounter("signalstreams.signals.lost", () => Measure(counts => counts.Lost), "{signal}", "Queued signals that a full receiver lost.");
        meter.CreateObservableCounter("signalstreams.signals.redelivered", () => Measure(counts => counts.Redelivered), "{signal}", "Unread signals that were raised again when their last receiver closed.");
        meter.CreateObservableUpDownCounter("signalstreams.receivers.open", () => Volatile.Read(ref _receiversOpen), "{receiver}", "Receivers that are open now.");
        return meter;
    }

    private static void Withdraw()
    {
        _isUnloading = true;
        Interlocked.MemoryBarrier();
        _meter?.Dispose();
    }
}
