namespace SignalStreams;

/// <summary>What happened to one signal since the program began, in all hubs.</summary>
internal sealed class SignalCounts(ShutdownSignal signal)
{
    private static readonly EventTable<SignalCounts> All = new();
    private long _received;
    private long _coalesced;
    private long _lost;
    private long _redelivered;

    public ShutdownSignal Signal { get; } = signal;

    public long Received => Interlocked.Read(ref _received);

    public long Coalesced => Interlocked.Read(ref _coalesced);

    public long Lost => Interlocked.Read(ref _lost);

    public long Redelivered => Interlocked.Read(ref _redelivered);

    public static SignalCounts[] Everything
    {
        get
        {
            lock (All)
            {
                return All.Values.ToArray();
            }
        }
    }

    public static SignalCounts Of(ShutdownSignal signal)
    {
        lock (All)
        {
            var counts = All.Find(signal);
            if (counts is null)
            {
                counts = new SignalCounts(signal);
                All.Set(signal, counts);
            }

            return counts;
        }
    }

    public void AddReceived() => Interlocked.Increment(ref _received);

    public void AddRedelivered() => Interlocked.Increment(ref _redelivered);

    public void Add(RecordOutcome outcome) => Interlocked.Increment(ref outcome == RecordOutcome.Lost ? ref _lost : ref _coalesced);
}
