namespace SignalStreams;

/// <summary>A child of the task group failed, and the others are cancelled for it.</summary>
/// <param name="Child">Its name; "body" for the body of the group.</param>
/// <param name="Exception">What it threw.</param>
public sealed record ChildFailedCancelReason(string Child, Exception Exception) : CancelReason
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => $"'{Child}' failed: {Exception.Message}";
}
