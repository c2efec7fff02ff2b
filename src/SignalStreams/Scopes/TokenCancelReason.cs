namespace SignalStreams;

/// <summary>The token that the caller gave was cancelled.</summary>
/// <param name="Token">That token.</param>
public sealed record TokenCancelReason(CancellationToken Token) : CancelReason
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => "the caller's token was cancelled";
}
