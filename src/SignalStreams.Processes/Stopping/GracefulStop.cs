using System.Diagnostics;

namespace SignalStreams;

/// <summary>Stops other processes: asks, waits, asks again, and in the end kills.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Stopping again what is being stopped escalates: the stop that runs goes to its next step at once, and both calls get its outcome. The plan of
/// the second call is not looked at; its progress is told of what comes. The same is stopped again when kind and process are the same: a process and
/// its tree are two.</item>
/// <item>A process that has vanished, or that is not ours, is part of the outcome and no exception. A signal that cannot be sent does not make the
/// next step come earlier. When an attempt finds that nobody who is left can be signalled for want of permission, the stop ends.</item>
/// <item>A stopped process (SIGSTOP) is continued after each signal, so that it can answer.</item>
/// <item>Of a tree that shares its process group with others, all are stopped (SIGSTOP) for the moment in which a signal is sent, so that no parent
/// starts another child before it has the signal itself: see <see cref="ProcessTarget.Tree(int)"/>. The token does not interrupt that.</item>
/// <item>While it waits it looks for newborns five times a second, and each of them gets the signal of the step. When it kills more than one process,
/// they are stopped (SIGSTOP) until none is born any more, and killed then, where the system cannot kill them all at once.</item>
/// <item>This process is never stopped, nor are those that it descends from: they are left out of a tree or a group that they belong to.</item>
/// <item>It returns as soon as the last one is gone. One that has ended and waits for its parent to reap it (a zombie) is gone.</item>
/// <item>It runs on threads of the library, which come with the first stop and go a second after the last one. A thread pool whose threads are all blocked
/// delays nothing on Unix. The code after an <c>await</c> runs there too, unless it has a context of its own to go to; it may block, as a progress
/// may: another thread then serves the others.</item>
/// </list>
/// <para>All members are thread-safe.</para>
/// </remarks>
public static class GracefulStop
{
    /// <summary>Stops by a plan, and says how that came out.</summary>
    /// <param name="target">What is to end.</param>
    /// <param name="plan">Which signals, and when. Default: <see cref="StopPlan.Default"/>.</param>
    /// <param name="progress">Is told of each signal, on a thread of the library. The stop goes on when it has returned; what it throws is
    /// reported to the event source and changes nothing.</param>
    /// <param name="cancellationToken">Ends the stop where it stands, unless another call waits for the same stop; nothing more is sent.</param>
    /// <exception cref="ArgumentException">The target is this process itself, and not as a tree or group.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<StopOutcome> StopAsync(
        ProcessTarget target, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Kind == ProcessTargetKind.Process && target.Identity.Id == Environment.ProcessId)
        {
            throw new ArgumentException(
                $"{target} is this process, which cannot wait for its own end. To end it use ShutdownManager or return from Main; to stop what it has started pass ProcessTarget.Tree(Environment.ProcessId).",
                nameof(target));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<StopOutcome>(cancellationToken);
        }

        // Not even asked for: the id may belong to somebody by now.
        return target.IsFound
            ? StopAsync(ProcessPlatform.Current.Open(target), plan ?? StopPlan.Default, progress, LibraryTime.Shared, cancellationToken)
            : Task.FromResult(new StopOutcome { Result = StopResult.AlreadyGone, Target = target.ToString(), Elapsed = TimeSpan.Zero });
    }

    /// <inheritdoc cref="StopAsync(ProcessTarget, StopPlan?, IProgress{StopStep}?, CancellationToken)"/>
    /// <param name="process">Which process is to end, by the object and not by its id. Its descendants are left alone.</param>
    /// <param name="plan">Which signals, and when. Default: <see cref="StopPlan.Default"/>.</param>
    /// <param name="progress">Is told of each signal, on a thread of the library.</param>
    /// <param name="cancellationToken">Ends the stop where it stands, unless another call waits for the same stop; nothing more is sent.</param>
    public static Task<StopOutcome> StopAsync(
        Process process, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        StopAsync(ProcessTarget.Process(process), plan, progress, cancellationToken);

    /// <inheritdoc cref="StopAsync(ProcessTarget, StopPlan?, IProgress{StopStep}?, CancellationToken)"/>
    /// <param name="processId">Which process is to end: a positive id. Its descendants are left alone.</param>
    /// <param name="plan">Which signals, and when. Default: <see cref="StopPlan.Default"/>.</param>
    /// <param name="progress">Is told of each signal, on a thread of the library.</param>
    /// <param name="cancellationToken">Ends the stop where it stands, unless another call waits for the same stop; nothing more is sent.</param>
    public static Task<StopOutcome> StopAsync(
        int processId, StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        StopAsync(ProcessTarget.Process(processId), plan, progress, cancellationToken);

    /// <summary>Stops what belongs to a scope, which it disposes.</summary>
    internal static Task<StopOutcome> StopAsync(
        IStopScope scope, StopPlan plan, IProgress<StopStep>? progress, TimeProvider time, CancellationToken cancellationToken) =>
        StopRegistry.Shared.StopAsync(scope, plan, progress, time, cancellationToken);
}
