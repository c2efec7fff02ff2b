using System.Diagnostics;

namespace SignalStreams;

/// <summary>Kills a process after having given it a chance to clean up: safe-exit's <c>safe_kill</c>.</summary>
public static class SafeKill
{
    /// <summary>Asks, waits, kills.</summary>
    /// <param name="processId">Who is to end.</param>
    /// <param name="signal">What it is asked by. Default: SIGTERM; on Windows Ctrl-Break or a close message.</param>
    /// <param name="timeout">How long it is given. Default: four seconds.</param>
    /// <param name="force">Whether SIGKILL follows.</param>
    /// <param name="cancellationToken">Ends the stop where it stands; nothing more is sent.</param>
    public static Task<StopOutcome> KillAsync(
        int processId, ShutdownSignal? signal = null, TimeSpan? timeout = null, bool force = true, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc cref="KillAsync(int, ShutdownSignal?, TimeSpan?, bool, CancellationToken)"/>
    public static Task<StopOutcome> KillAsync(
        Process process, ShutdownSignal? signal = null, TimeSpan? timeout = null, bool force = true, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
