namespace SignalStreams;

/// <summary>A process that could not be sent a signal.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Signal">Which signal.</param>
/// <param name="Outcome">Why not.</param>
public sealed record SendFailure(ProcessIdentity Process, ShutdownSignal Signal, SendOutcome Outcome)
{
    /// <summary>"SIGTERM to 12 (bash): not permitted".</summary>
    public override string ToString() => $"{Signal.GetName()} to {Process}: " + Outcome switch
    {
        SendOutcome.NotPermitted => "not permitted",
        SendOutcome.NotDeliverable => "not deliverable here",
        SendOutcome.Gone => "gone",
        _ => "sent",
    };
}
