using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Ready sets, names, numbers and exit codes of <see cref="ShutdownSignal"/>.</summary>
/// <remarks>All members are thread-safe and none of them touches the operating system's signal handling.</remarks>
public static class ShutdownSignals
{
    /// <summary>The signals that ask this process to end and end it by default.</summary>
    /// <value>Unix: SIGHUP, SIGINT, SIGQUIT, SIGTERM. Windows: SIGINT (Ctrl-C), SIGBREAK (Ctrl-Break), CTRL_CLOSE_EVENT,
    /// CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT, SIGTERM.</value>
    public static IReadOnlyList<ShutdownSignal> Terminating => SignalTable.Current.Terminating;

    /// <summary>Says whether a program can listen to a signal on this platform.</summary>
    /// <returns>False for what can only be sent (SIGKILL, SIGSTOP, SIGPIPE), for what the runtime owns (SIGSEGV, SIGBUS, SIGFPE,
    /// SIGILL, SIGABRT, SIGTRAP, SIGRTMIN) and for what this platform does not have.</returns>
    public static bool IsSupported(ShutdownSignal signal) => SignalTable.Current.RuleOf(signal) == SignalRule.Listen;

    /// <summary>The one value that stands for a signal: a raw number that has a name becomes the name, so <c>(ShutdownSignal)15</c> becomes SIGTERM.</summary>
    public static ShutdownSignal Normalize(this ShutdownSignal signal) => SignalTable.Current.Normalize(signal);

    /// <summary>The usual name: "SIGTERM", "SIGRTMIN+3", "CTRL_CLOSE_EVENT"; the number for a signal that has none.</summary>
    public static string GetName(this ShutdownSignal signal) => SignalTable.Current.NameOf(signal);

    /// <summary>The number that this platform knows the signal by: 15 for SIGTERM.</summary>
    /// <exception cref="PlatformNotSupportedException">The platform has no number for it.</exception>
    public static int GetNumber(this ShutdownSignal signal) =>
        SignalTable.Current.NumberOf(signal) ?? throw SignalErrors.NotOnThisPlatform(signal);

    /// <summary>The exit code by which a shell reports that a signal ended a process.</summary>
    /// <returns>Unix: 128 plus the number, as in sh(1). Windows: 0xC000013A (STATUS_CONTROL_C_EXIT).</returns>
    /// <exception cref="PlatformNotSupportedException">The platform does not have the signal.</exception>
    public static int GetExitCode(this ShutdownSignal signal) =>
        OperatingSystem.IsWindows() ? WindowsControlCExit : 128 + signal.GetNumber();

    /// <summary>Reads a signal in any usual form, in any case: "TERM", "SIGTERM", "15", "SIGRTMIN+3", "RTMAX-1", "CTRL_C_EVENT".</summary>
    /// <remarks>A name that only another platform has is understood as well; opening a receiver for it then fails.</remarks>
    /// <exception cref="FormatException">The text names no signal.</exception>
    public static ShutdownSignal Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var signal) ? signal : throw SignalErrors.NotASignal(text);
    }

    /// <summary>Reads a signal in any form that <see cref="Parse"/> knows.</summary>
    /// <returns>False when the text names no signal.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ShutdownSignal signal)
    {
        if (text is not null && SignalTable.Current.TryParse(text, out signal))
        {
            return true;
        }

        signal = default;
        return false;
    }

    /// <summary>The value for <see cref="PosixSignalRegistration"/>: the runtime's name where it has one, the raw number elsewhere.</summary>
    /// <exception cref="PlatformNotSupportedException">The platform does not have the signal, or, on Windows, the runtime does not.</exception>
    public static PosixSignal ToPosixSignal(this ShutdownSignal signal)
    {
        signal = signal.Normalize();
        return signal is <= ShutdownSignal.SIGHUP and >= ShutdownSignal.SIGTERM ? (PosixSignal)signal
            : OperatingSystem.IsWindows() ? throw SignalErrors.NotOnThisPlatform(signal)
            : (int)signal is < 0 and >= LastOfPosixSignal ? (PosixSignal)signal
            : (PosixSignal)signal.GetNumber();
    }

    /// <summary>The signal that a value of <see cref="PosixSignal"/> stands for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value stands for no signal.</exception>
    public static ShutdownSignal FromPosixSignal(PosixSignal signal) =>
        (int)signal is < 0 and >= KillOfPosixSignal ? (ShutdownSignal)signal
            : (int)signal > 0 && SignalTable.Current.NumberOf((ShutdownSignal)signal) is not null ? ((ShutdownSignal)signal).Normalize()
            : throw new ArgumentOutOfRangeException(nameof(signal), signal, $"{(int)signal} is no value of PosixSignal, and no number of a signal here.");

    // The last that PosixSignal names in .NET 10, and what .NET 11 adds.
    private const int LastOfPosixSignal = -10;
    private const int KillOfPosixSignal = -11;
    private const int WindowsControlCExit = unchecked((int)0xC000013A);
}
