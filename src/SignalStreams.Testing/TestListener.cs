namespace SignalStreams.Testing;

/// <summary>Somebody who listens on a <see cref="TestSignalHub"/>.</summary>
/// <param name="Signal">The signal, by the name that was subscribed to.</param>
/// <param name="Surface">The member that opened it, such as "OpenSignalReceiver" or "CancelOn".</param>
public sealed record TestListener(ShutdownSignal Signal, string Surface)
{
    /// <summary>The surface, then the signal.</summary>
    public override string ToString() => $"{Surface}({Signal.GetName()})";
}
