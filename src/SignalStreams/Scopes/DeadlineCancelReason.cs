namespace SignalStreams;

/// <summary>The scope's own deadline has passed.</summary>
/// <param name="Deadline">That deadline.</param>
public sealed record DeadlineCancelReason(Deadline Deadline) : CancelReason
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => "the deadline has passed";
}
