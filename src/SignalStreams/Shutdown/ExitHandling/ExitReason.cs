namespace SignalStreams;

/// <summary>Why the process ends, for its exit handlers.</summary>
internal sealed record ExitReason(ExitCause Cause, CancelReason? Reason = null, Exception? Exception = null);
