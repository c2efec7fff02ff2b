namespace SignalStreams;

/// <summary>How a process ended: with a code, or by a signal.</summary>
/// <remarks><see cref="System.Diagnostics.Process.ExitCode"/> shows 143 both for a process that SIGTERM ended and for one that returned 143; this
/// tells them apart, as wait(2) does.</remarks>
public readonly record struct ProcessExitStatus
{
    private const int WindowsControlCExit = unchecked((int)0xC000013A);

    // Not nullable: the default of the type is an end with code 0, whichever member is asked.
    private readonly int _code;

    private ProcessExitStatus(int code, ShutdownSignal? signal, bool isCoreDumped)
    {
        _code = code;
        Signal = signal;
        IsCoreDumped = isCoreDumped;
    }

    /// <summary>The code that it ended with; null when a signal ended it.</summary>
    public int? Code => Signal is null ? _code : null;

    /// <summary>The signal that ended it; null when it ended with a code.</summary>
    /// <value>Windows: SIGINT for the code 0xC000013A (STATUS_CONTROL_C_EXIT, ntstatus.h), which the system gives to what Ctrl-C, Ctrl-Break or the
    /// closing of its console has ended, and <see cref="Signals.ExitBySignal"/> to this process; null for any other code.</value>
    public ShutdownSignal? Signal { get; }

    /// <summary>Whether the system wrote a core file.</summary>
    public bool IsCoreDumped { get; }

    /// <summary>Whether it ended with code 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>What a shell shows: the code, or 128 plus the number of the signal, as in sh(1). Windows: the code, always.</summary>
    public int ShellCode => Signal?.GetExitCode() ?? _code;

    /// <summary>It ended with this code.</summary>
    public static ProcessExitStatus FromCode(int code) => new(code, null, false);

    /// <summary>It ended with this code of Windows, which may stand for Ctrl-C and the like.</summary>
    internal static ProcessExitStatus FromWindowsCode(int code) => code == WindowsControlCExit ? FromSignal(ShutdownSignal.SIGINT) : FromCode(code);

    /// <summary>This signal ended it.</summary>
    public static ProcessExitStatus FromSignal(ShutdownSignal signal, bool isCoreDumped = false) => new(0, signal.Normalize(), isCoreDumped);

    /// <summary>Throws when it failed: ended with a code other than 0, or by a signal.</summary>
    /// <param name="name">What the process is called in the message.</param>
    /// <exception cref="ProcessFailedException">It failed.</exception>
    public void ThrowIfFailed(string name)
    {
        if (!IsSuccess)
        {
            throw new ProcessFailedException(name, this);
        }
    }

    /// <summary>"exit code 3", "SIGKILL", "SIGSEGV (core dumped)".</summary>
    public override string ToString() =>
        Signal is { } signal ? $"{signal.GetName()}{(IsCoreDumped ? " (core dumped)" : "")}" : FormattableString.Invariant($"exit code {_code}");
}
