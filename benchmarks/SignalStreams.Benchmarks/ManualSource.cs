namespace SignalStreams.Benchmarks;

/// <summary>A source that the benchmark drives: what remains is the cost of the hub and of the receivers.</summary>
internal sealed class ManualSource : ISignalSource
{
    // Made once: reading the clock is the source's business, and costs as much as a write.
    private static readonly SignalArrival Arrival = new(SIGUSR1, Timestamp: 1, default, IsQueued: false);
    private ISignalSink? _sink;

    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "A benchmark raises signals by hand.");

    public static SignalHub NewHub(out ManualSource source)
    {
        source = new ManualSource();
        return new SignalHub(source, new ProcessExit(), TimeProvider.System);
    }

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        _sink = sink;
        return new ManualClaim();
    }

    public void Raise(ShutdownSignal signal) => Raise();

    /// <summary>Does with SIGUSR1 what the portable source does.</summary>
    public void Raise()
    {
        _sink!.Record(in Arrival, out var wake);
        if (wake is not null)
        {
            _sink.WakeLater(wake);
        }
    }

    private sealed class ManualClaim : ISignalClaim
    {
        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose()
        {
        }
    }
}
