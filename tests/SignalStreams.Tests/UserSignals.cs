namespace SignalStreams.Tests;

/// <summary>Two signals that mean nothing to the library. Windows has no such; there, two that the library knows serve.</summary>
internal static class UserSignals
{
    /// <summary>SIGUSR1; on Windows one that, like it, is not among <see cref="ShutdownSignals.Terminating"/>, so that nothing is raised again for it.</summary>
    public static ShutdownSignal User1 { get; } = OperatingSystem.IsWindows() ? SIGQUIT : SIGUSR1;

    /// <summary>SIGUSR2; on Windows CTRL_LOGOFF_EVENT.</summary>
    public static ShutdownSignal User2 { get; } = OperatingSystem.IsWindows() ? CTRL_LOGOFF_EVENT : SIGUSR2;
}
