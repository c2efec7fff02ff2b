namespace SignalStreams;

/// <summary>A process that could not be sent a signal.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Signal">Which signal.</param>
/// <param name="Outcome">Why not.</param>
public sealed record SendFailure(ProcessIdentity Process, ShutdownSignal Signal, SendOutcome Outcome)
{
    /// <summary>What else is known of why, as one or more sentences: "it has no console; SIGTERM reaches its windows, and SIGKILL always (error 6)."; null when <see cref="Outcome"/> says all.</summary>
    public string? Reason { get; init; }

    /// <summary>"SIGTERM to 12 (bash): not permitted".</summary>
    public override string ToString() => $"{Signal.GetName()} to {Process}: " + Outcome switch
    {
        SendOutcome.NotDeliverable when Reason is not null => $"not deliverable here: {Reason.TrimEnd('.')}",
        SendOutcome.NotPermitted => "not permitted",
        SendOutcome.NotDeliverable => "not deliverable here",
        SendOutcome.Gone => "gone",
        _ => "sent",
    };
}
