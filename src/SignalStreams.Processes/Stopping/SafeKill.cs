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
    /// <returns>How it came out. A process that had ended already, or that is not ours, is an outcome and no exception.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id or the timeout is not positive, or no platform has such a signal.</exception>
    /// <exception cref="ArgumentException">It is this process.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<StopOutcome> KillAsync(
        int processId, ShutdownSignal? signal = null, TimeSpan? timeout = null, bool force = true, CancellationToken cancellationToken = default) =>
        GracefulStop.StopAsync(processId, Plan(signal, timeout, force), cancellationToken: cancellationToken);

    /// <inheritdoc cref="KillAsync(int, ShutdownSignal?, TimeSpan?, bool, CancellationToken)"/>
    /// <param name="process">Who is to end, by the object and not by its id.</param>
    /// <param name="signal">What it is asked by. Default: SIGTERM; on Windows Ctrl-Break or a close message.</param>
    /// <param name="timeout">How long it is given. Default: four seconds.</param>
    /// <param name="force">Whether SIGKILL follows.</param>
    /// <param name="cancellationToken">Ends the stop where it stands; nothing more is sent.</param>
    public static Task<StopOutcome> KillAsync(
        Process process, ShutdownSignal? signal = null, TimeSpan? timeout = null, bool force = true, CancellationToken cancellationToken = default) =>
        GracefulStop.StopAsync(process, Plan(signal, timeout, force), cancellationToken: cancellationToken);

    private static StopPlan Plan(ShutdownSignal? signal, TimeSpan? timeout, bool force)
    {
        if (timeout is { } given && given != Timeout.InfiniteTimeSpan && given <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), given, "The process must be given some time. To kill it at once send SIGKILL.");
        }

        // On Windows SIGTERM is Ctrl-Break to a console program and a close message to others: WindowsSendTable.
        var plan = StopPlan.Send(signal ?? ShutdownSignal.SIGTERM, timeout ?? TimeSpan.FromSeconds(4));
        return force ? plan.ThenKill() : plan;
    }
}
