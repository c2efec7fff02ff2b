using System.Globalization;

namespace SignalStreams;

/// <summary>What the parent of the process sees after a signal, where the program has not chosen an exit code of its own.</summary>
public sealed record ExitStatusPolicy
{
    private readonly int? _code;

    private ExitStatusPolicy(int? code = null) => _code = code;

    /// <summary>The end by that signal (wait(2), WIFSIGNALED): a shell's loop stops at Ctrl-C. The default. Windows: the exit code 0xC000013A.</summary>
    /// <remarks>As process 1 of a container, which no signal of its own can end: the exit code 128+n.</remarks>
    public static ExitStatusPolicy BySignal { get; } = new();

    /// <summary>The exit code 128+n, by which a shell reports an end by a signal; see <see cref="ShutdownSignals.GetExitCode"/>.</summary>
    public static ExitStatusPolicy ShellCode { get; } = new();

    /// <summary>A code of your choice, such as 0 for a service whose supervisor takes everything else for a failure.</summary>
    /// <param name="code">From 0 to 255 on Unix, which drops the rest (exit(3)); any on Windows.</param>
    /// <exception cref="ArgumentOutOfRangeException">Unix has no such exit code.</exception>
    public static ExitStatusPolicy Code(int code)
    {
        if (!OperatingSystem.IsWindows() && code is < 0 or > 255)
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "On Unix an exit code is from 0 to 255.");
        }

        return new ExitStatusPolicy(code);
    }

    /// <summary>By identity, but for codes.</summary>
    public bool Equals(ExitStatusPolicy? other) => ReferenceEquals(this, other) || (_code is not null && _code == other?._code);

    /// <summary>A hash of the code.</summary>
    public override int GetHashCode() => _code ?? (this == BySignal ? -1 : -2);

    /// <summary>"by the signal", "128+n" or the code.</summary>
    public override string ToString() => _code?.ToString(CultureInfo.InvariantCulture) ?? (this == BySignal ? "by the signal" : "128+n");

    internal EndStatus After(ShutdownSignal signal) => _code is { } code ? EndStatus.With(code)
        : this == BySignal ? EndStatus.By(signal)
        : EndStatus.With(signal.GetExitCode());
}
