namespace SignalStreams.Tests;

/// <summary>A system that refuses one signal, and keeps count of the others.</summary>
internal sealed class RefusingSource(ShutdownSignal refused) : ISignalSource
{
    public HashSet<ShutdownSignal> Claimed { get; } = [];

    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "refuses");

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        if (@event == refused)
        {
            throw new IOException("refused");
        }

        Assert.True(Claimed.Add(@event));
        return new ActionClaim(() => Claimed.Remove(@event));
    }

    public void Raise(ShutdownSignal signal) => throw new NotSupportedException();

    private sealed class ActionClaim(Action dispose) : ISignalClaim
    {
        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose() => dispose();
    }
}
