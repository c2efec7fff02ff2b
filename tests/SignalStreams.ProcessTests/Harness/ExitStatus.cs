namespace SignalStreams.ProcessTests;

/// <summary>How a process ended, as its parent sees it: by a signal (WIFSIGNALED) or with an exit code.</summary>
internal readonly record struct ExitStatus
{
    private const int SignalMask = 0x7f;

    public ShutdownSignal? Signal { get; private init; }

    public int? Code { get; private init; }

    public static ExitStatus Of(ShutdownSignal signal) => new() { Signal = signal.Normalize() };

    public static ExitStatus Of(int code) => new() { Code = code };

    /// <summary>Reads what waitpid(2) gives.</summary>
    public static ExitStatus FromWait(int status) =>
        (status & SignalMask) is var signal and not 0 ? Of((ShutdownSignal)signal) : Of((status >> 8) & 0xff);

    public override string ToString() => Signal is { } signal ? $"ended by {signal.GetName()}" : $"exited with code {Code}";
}
