namespace SignalStreams;

/// <summary>A process that could not be sent a signal.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Signal">Which signal.</param>
/// <param name="Outcome">Why not.</param>
public sealed record SendFailure(ProcessIdentity Process, ShutdownSignal Signal, SendOutcome Outcome);
