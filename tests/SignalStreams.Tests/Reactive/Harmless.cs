namespace SignalStreams.Tests.Reactive;

/// <summary>A signal that is not among <see cref="ShutdownSignals.Terminating"/>, so that nothing is raised again for it.</summary>
internal static class Harmless
{
    public static ShutdownSignal Signal { get; } = OperatingSystem.IsWindows() ? SIGHUP : SIGUSR1;
}
