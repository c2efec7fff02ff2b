using System.Globalization;

namespace SignalStreams;

/// <summary>What the parent of the process sees after a signal, where the program has not chosen an exit code of its own.</summary>
public sealed class ExitStatusPolicy
{
    private readonly string _text;
    private readonly Func<ShutdownSignal, EndStatus> _after;

    private ExitStatusPolicy(string text, Func<ShutdownSignal, EndStatus> after) => (_text, _after) = (text, after);

    /// <summary>The end by that signal (wait(2), WIFSIGNALED): a shell's loop stops at Ctrl-C. The default. Windows: the exit code 0xC000013A.</summary>
    /// <remarks>As process 1 of a container, which no signal of its own can end: the exit code 128+n.</remarks>
    public static ExitStatusPolicy BySignal { get; } = new("by the signal", EndStatus.By);

    /// <summary>The exit code 128+n, by which a shell reports an end by a signal; see <see cref="ShutdownSignals.GetExitCode"/>.</summary>
    public static ExitStatusPolicy ShellCode { get; } = new("128+n", signal => EndStatus.With(signal.GetExitCode()));

    /// <summary>A code of your choice, such as 0 for a service whose supervisor takes everything else for a failure.</summary>
    /// <param name="code">From 0 to 255 on Unix, which drops the rest (exit(3)); any on Windows.</param>
    /// <exception cref="ArgumentOutOfRangeException">Unix has no such exit code.</exception>
    public static ExitStatusPolicy Code(int code)
    {
        var status = EndStatus.With(Limits.ExitCode(code, nameof(code)));
        return new ExitStatusPolicy(code.ToString(CultureInfo.InvariantCulture), _ => status);
    }

    /// <summary>"by the signal", "128+n" or the code.</summary>
    public override string ToString() => _text;

    internal EndStatus After(ShutdownSignal signal) => _after(signal);
}
