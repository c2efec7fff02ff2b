namespace SignalStreams;

/// <summary>What the parent of a process is to see at its end: a signal, or an exit code.</summary>
/// <param name="Signal">The signal; null for a code.</param>
/// <param name="Code">The exit code, or that by which a shell reports the signal.</param>
internal readonly record struct EndStatus(ShutdownSignal? Signal, int Code)
{
    public static EndStatus By(ShutdownSignal signal) => new(signal, signal.GetExitCode());

    public static EndStatus With(int code) => new(null, code);
}
