namespace SignalStreams.Tests.Stress;

/// <summary>A system in which something happens at the very moment when a signal is claimed.</summary>
internal sealed class HookedSource(Action<ShutdownSignal, ISignalSink> claiming) : ISignalSource
{
    public List<ShutdownSignal> Raised { get; } = [];

    public HashSet<ShutdownSignal> Claimed { get; } = [];

    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "Things happen.");

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        claiming(@event, sink);
        Claimed.Add(@event);
        return new HookedClaim(() => Claimed.Remove(@event));
    }

    public void Raise(ShutdownSignal signal) => Raised.Add(signal);

    private sealed class HookedClaim(Action release) : ISignalClaim
    {
        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose() => release();
    }
}
