using System.Collections.Concurrent;

namespace SignalStreams;

/// <summary>What happened to one signal since the program began, in all hubs.</summary>
internal sealed class SignalCounts
{
    private static readonly ConcurrentDictionary<ShutdownSignal, SignalCounts> All = [];
    private long _received;
    private long _coalesced;
    private long _lost;
    private long _redelivered;

    public long Received => Interlocked.Read(ref _received);

    public long Coalesced => Interlocked.Read(ref _coalesced);

    public long Lost => Interlocked.Read(ref _lost);

    public long Redelivered => Interlocked.Read(ref _redelivered);

    public static IEnumerable<KeyValuePair<ShutdownSignal, SignalCounts>> Everything => All;

    public static SignalCounts Of(ShutdownSignal signal) => All.GetOrAdd(signal, _ => new SignalCounts());

    public void AddReceived() => Interlocked.Increment(ref _received);

    public void AddRedelivered() => Interlocked.Increment(ref _redelivered);

    public void Add(RecordOutcome outcome) => Interlocked.Increment(ref outcome == RecordOutcome.Lost ? ref _lost : ref _coalesced);
}
