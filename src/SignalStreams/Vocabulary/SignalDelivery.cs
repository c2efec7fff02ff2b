using System.Globalization;

namespace SignalStreams;

/// <summary>One signal as a listener gets it: which, in which place of the order, when, and from whom.</summary>
public readonly record struct SignalDelivery
{
    /// <summary>The signal, by the name that the listener subscribed with.</summary>
    public ShutdownSignal Signal { get; init; }

    /// <summary>The place in the order of all deliveries of the hub, from 1 up.</summary>
    /// <remarks>Every receiver sees the same order. With the portable source that is the order in which the runtime hands signals on,
    /// which for signals less than a millisecond apart need not be the order in which they arrived.</remarks>
    public long Sequence { get; init; }

    /// <summary>When the handler ran, as <see cref="TimeProvider.GetTimestamp"/> of the hub's clock; monotonic.</summary>
    /// <remarks>With the system's clock these are ticks of <see cref="System.Diagnostics.Stopwatch"/>.</remarks>
    public long Timestamp { get; init; }

    /// <summary>Who sent it, as far as the source can tell.</summary>
    public SignalOrigin Origin { get; init; }

    /// <summary>How many signals this delivery stands for: 1, or more when repeats merged into it because the receiver was full or coalesces.</summary>
    /// <remarks>What the kernel merged before the process saw it is not counted: it keeps at most one pending standard signal of a kind; see signal(7).</remarks>
    public int Count { get; init; }

    /// <summary>A line for a log: "SIGTERM from pid 1, uid 0".</summary>
    public override string ToString() => Count > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Signal.GetName()} x{Count} from {Origin.ToString()}")
        : $"{Signal.GetName()} from {Origin.ToString()}";
}
