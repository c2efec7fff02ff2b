namespace SignalStreams;

/// <summary>What became of a signal that was sent, and why.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it could not be sent, for messages; null when it was, or when the outcome says all.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string? Reason = null)
{
    public bool IsSent => Outcome == SendOutcome.Sent;

    public static implicit operator SendResult(SendOutcome outcome) => new(outcome);

    /// <summary>Of several processes: sent when one took it, otherwise the first who could have and did not.</summary>
    public static SendResult OfAll(IReadOnlyCollection<SendResult> results) =>
        results.Any(result => result.IsSent) ? SendOutcome.Sent : results.FirstOrDefault(result => result.Outcome != SendOutcome.Gone, SendOutcome.Gone);
}
