using System.Diagnostics;

namespace SignalStreams.PeersTarget;

/// <summary>How many signals came, how many with a value below an earlier one's, and when the last.</summary>
internal sealed class Tally
{
    private long _count;
    private long _misordered;
    private long _last;
    private int? _highest;

    public void Add(in SignalDelivery delivery)
    {
        _count += delivery.Count;
        _last = Stopwatch.GetTimestamp();
        if (delivery.Origin.Value is { } value)
        {
            _misordered += value < _highest ? 1 : 0;
            _highest = Math.Max(value, _highest ?? value);
        }
    }

    /// <summary>The line of the protocol.</summary>
    public override string ToString() => $"count={_count} misordered={(_highest is null ? "na" : _misordered)} last_ns={_last}\n";
}
