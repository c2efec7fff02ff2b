namespace SignalStreams;

/// <summary>How a token, a callback or a wait listens to signals.</summary>
public sealed record SignalListenOptions
{
    internal static SignalListenOptions Default { get; } = new();

    /// <inheritdoc cref="SignalReceiverOptions.OverrideIgnored"/>
    public bool OverrideIgnored { get; init; }

    /// <inheritdoc cref="SignalReceiverOptions.ForwardToOthers"/>
    public bool ForwardToOthers { get; init; }
}
