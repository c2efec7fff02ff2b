namespace SignalStreams.Tests.Hub;

/// <summary>A process that was started with every signal but SIGTERM ignored.</summary>
internal sealed class IgnoringSource : ISignalSource
{
    private readonly Dictionary<ShutdownSignal, ISignalSink> _sinks = [];

    /// <summary>Whether what is claimed and was ignored is ignored still.</summary>
    public bool IsIgnored { get; private set; } = true;

    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "ignores");

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        _sinks.Add(@event, sink);
        return new IgnoringClaim(this, @event);
    }

    public void Raise(ShutdownSignal signal) => throw new NotSupportedException();

    public bool Arrive(ShutdownSignal signal)
    {
        var sink = _sinks[signal];
        if (!sink.Record(new SignalArrival(signal, 1, default, IsQueued: false), out var wake))
        {
            return false;
        }

        if (wake is not null)
        {
            sink.WakeLater(wake);
        }

        return true;
    }

    private sealed class IgnoringClaim(IgnoringSource source, ShutdownSignal @event) : ISignalClaim
    {
        public bool IsIgnored => @event != SIGTERM;

        public void OverrideIgnored(bool isOverridden)
        {
            if (IsIgnored)
            {
                source.IsIgnored = !isOverridden;
            }
        }

        public void Dispose() => source._sinks.Remove(@event);
    }
}
