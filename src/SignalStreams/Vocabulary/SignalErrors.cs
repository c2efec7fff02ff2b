namespace SignalStreams;

/// <summary>The errors for signals that a caller names; each says which signal, why not, and what to do instead.</summary>
internal static class SignalErrors
{
    public static ArgumentException NoSignals(string parameter) =>
        new($"No signals were given. Name at least one, for example SIGTERM, or pass {nameof(ShutdownSignals)}.{nameof(ShutdownSignals.Terminating)} for every signal that asks a process to end.", parameter);

    public static FormatException NotASignal(string text) =>
        new($"'{text}' names no signal. Write a name (SIGTERM, TERM), a number of this platform (15) or a real-time signal (SIGRTMIN+3).");

    public static PlatformNotSupportedException NotOnThisPlatform(ShutdownSignal signal) =>
        new($"{signal.GetName()} does not exist on this platform. Ask {nameof(ShutdownSignals)}.{nameof(ShutdownSignals.IsSupported)} first; the signals that ask a process to end here are {Terminating()}.");

    public static ArgumentException? ForListening(ShutdownSignal signal, SignalRule rule, string parameter) => rule switch
    {
        SignalRule.SendOnly when signal.GetName() == "SIGPIPE" => new ArgumentException(
            "SIGPIPE cannot be listened to: the runtime ignores it in every .NET process, and a write to a closed pipe throws an IOException instead. Catch that.", parameter),
        SignalRule.SendOnly => new ArgumentException(
            $"{signal.GetName()} cannot be listened to: the kernel lets no process catch it. Listen to {Terminating()}, which are what a polite sender tries first.", parameter),
        SignalRule.OwnedByRuntime => new ArgumentException(
            $"{Describe(signal)} cannot be listened to: the .NET runtime needs it for its own work (faults become exceptions, threads are suspended). For a signal of your own take SIGUSR1, SIGUSR2 or a real-time signal from SIGRTMIN+1 up.", parameter),
        SignalRule.NoSignal => new ArgumentOutOfRangeException(
            parameter, (int)signal, "No platform has such a signal. Take a name of ShutdownSignal, or a positive number of this platform."),
        _ => null,
    };

    public static ArgumentException DoesNotEnd(ShutdownSignal signal, string parameter) =>
        new($"{signal.GetName()} does not end a process. Take one that does: {Terminating()}.", parameter);

    private static string Describe(ShutdownSignal signal) =>
        char.IsAsciiLetter(signal.GetName()[0]) ? $"{signal.GetName()} (number {(int)signal})" : $"Signal {(int)signal}";

    private static string Terminating() => string.Join(", ", ShutdownSignals.Terminating.Select(s => s.GetName()));
}
