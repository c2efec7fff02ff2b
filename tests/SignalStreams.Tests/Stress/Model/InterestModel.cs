namespace SignalStreams.Tests.Stress.Model;

/// <summary>That a listener listens to a signal, from one delivery on.</summary>
internal sealed class InterestModel(ShutdownSignal signal, long since)
{
    public ShutdownSignal Signal { get; } = signal;

    public long Since { get; } = since;

    /// <summary>Those who went on listening to the signal when this ended.</summary>
    public IReadOnlyList<InterestModel> Others { get; set; } = [];

    public bool IsLeftToOthers(long sequence) => Others.Any(other => other.Since < sequence);
}
