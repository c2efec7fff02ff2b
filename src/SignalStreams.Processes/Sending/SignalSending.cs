namespace SignalStreams;

/// <summary>What is asked of a signal before it is sent.</summary>
internal static class SignalSending
{
    /// <summary>Normalises it.</summary>
    /// <remarks>One that only another platform has passes: a plan may be written for all of them, and what cannot be sent is an outcome.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">No platform has it.</exception>
    public static ShutdownSignal Check(ShutdownSignal signal, string parameter)
    {
        signal = SignalTable.Current.Normalize(signal);
        return SignalTable.Current.RuleOf(signal) == SignalRule.NoSignal
            ? throw SignalErrors.ForListening(signal, SignalRule.NoSignal, parameter)!
            : signal;
    }

    /// <summary>Whether this platform has it. On Windows SIGKILL counts: TerminateProcess stands for it.</summary>
    public static bool Exists(ShutdownSignal signal) => SignalTable.Current.RuleOf(signal) != SignalRule.NotOnThisPlatform || IsKill(signal);

    /// <summary>Whether nobody can answer it.</summary>
#pragma warning disable CA1416 // On Windows SIGKILL stands for TerminateProcess.
    public static bool IsKill(ShutdownSignal signal) => signal == ShutdownSignal.SIGKILL;
#pragma warning restore CA1416
}
