namespace SignalStreams.Testing;

/// <summary>How a process would have ended, had it not been a test.</summary>
/// <param name="Signal">The signal that its parent would see it end by; null for an exit code.</param>
/// <param name="ExitCode">The exit code, or that by which a shell would report the signal.</param>
/// <param name="Cause">What ended it.</param>
public sealed record TestProcessEnd(ShutdownSignal? Signal, int ExitCode, TestProcessEndCause Cause);
