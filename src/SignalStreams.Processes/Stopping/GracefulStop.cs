using System.Diagnostics;

namespace SignalStreams;

/// <summary>Stops other processes: asks, waits, asks again, and in the end kills.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Stopping again what is being stopped escalates: the stop that runs goes to its next step at once, and both calls get its outcome.</item>
/// <item>A process that has vanished, or that is not ours, is part of the outcome and no exception. A signal that cannot be sent does not make the
/// next step come earlier.</item>
/// <item>A stopped process (SIGSTOP) is continued after each signal, so that it can answer.</item>
/// </list>
/// </remarks>
public static class GracefulStop
{
    /// <summary>Stops by a plan, and says how that came out.</summary>
    /// <param name="target">What is to end.</param>
    /// <param name="plan">Which signals, and when. Default: <see cref="StopPlan.Default"/>.</param>
    /// <param name="progress">Is told of each signal, on a thread of the pool.</param>
    /// <param name="cancellationToken">Ends the stop where it stands; nothing more is sent.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<StopOutcome> StopAsync(
        ProcessTarget target, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc cref="StopAsync(ProcessTarget, StopPlan?, IProgress{StopStep}?, CancellationToken)"/>
    public static Task<StopOutcome> StopAsync(
        Process process, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc cref="StopAsync(ProcessTarget, StopPlan?, IProgress{StopStep}?, CancellationToken)"/>
    public static Task<StopOutcome> StopAsync(
        int processId, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
