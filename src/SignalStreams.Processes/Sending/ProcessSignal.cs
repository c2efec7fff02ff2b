using System.Diagnostics;

namespace SignalStreams;

/// <summary>Sends signals to other processes.</summary>
/// <remarks>
/// <para>All members are thread-safe. SIGKILL is no exception: it is a signal like others here. A process may send to itself.</para>
/// <para>Sending to a group sends to all of its members at once; sending to a tree goes from the youngest descendants up, and a value goes to each
/// member of a group or tree. Of several processes the outcome is <see cref="SendOutcome.Sent"/> when at least one of them took the signal, as with
/// kill(2); otherwise <see cref="SendOutcome.NotPermitted"/> when one refused, otherwise <see cref="SendOutcome.NotDeliverable"/>, and
/// <see cref="SendOutcome.Gone"/> when nobody is left. Who exactly refused is told by <see cref="GracefulStop"/>.</para>
/// <para>A process that has ended and waits to be reaped (a zombie) is gone, though kill(2) would say otherwise.</para>
/// </remarks>
public static class ProcessSignal
{
    /// <summary>Sends a signal, with a value where one is given (sigqueue(3)).</summary>
    /// <param name="target">To whom.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    /// <exception cref="ProcessSignalException">It could not be sent: the process is gone, not ours, or out of reach.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No platform has such a signal.</exception>
    public static void Send(ProcessTarget target, ShutdownSignal signal, int? value = null) => Require(SendTo(target, signal, value), target, signal, value);

    /// <exception cref="ProcessSignalException">It was not sent.</exception>
    internal static void Require(SendResult result, ProcessTarget target, ShutdownSignal signal, int? value)
    {
        if (!result.IsSent)
        {
            throw new ProcessSignalException(Explain(target, signal.Normalize(), value, result), target, signal.Normalize(), result.Outcome);
        }
    }

    /// <inheritdoc cref="Send(ProcessTarget, ShutdownSignal, int?)"/>
    /// <param name="process">To whom, by the object: one that has ended is never mistaken for another that has its id now.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    public static void Send(Process process, ShutdownSignal signal, int? value = null) => Send(ProcessTarget.Process(process), signal, value);

    /// <inheritdoc cref="Send(ProcessTarget, ShutdownSignal, int?)"/>
    /// <param name="processId">To whom: a positive id.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    public static void Send(int processId, ShutdownSignal signal, int? value = null) => Send(ProcessTarget.Process(processId), signal, value);

    /// <summary>Sends a signal, and says what became of it.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    /// <exception cref="ArgumentOutOfRangeException">No platform has such a signal.</exception>
    public static SendOutcome TrySend(ProcessTarget target, ShutdownSignal signal, int? value = null) => SendTo(target, signal, value).Outcome;

    internal static SendResult SendTo(ProcessTarget target, ShutdownSignal signal, int? value)
    {
        ArgumentNullException.ThrowIfNull(target);
        signal = SignalSending.Check(signal, nameof(signal));
        return !SignalSending.Exists(signal) ? SendOutcome.NotDeliverable
            : !target.IsFound ? SendOutcome.Gone
            : ProcessPlatform.Current.Send(target, signal, value);
    }

    /// <inheritdoc cref="TrySend(ProcessTarget, ShutdownSignal, int?)"/>
    /// <param name="process">To whom, by the object: one that has ended is never mistaken for another that has its id now.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    public static SendOutcome TrySend(Process process, ShutdownSignal signal, int? value = null) => TrySend(ProcessTarget.Process(process), signal, value);

    /// <inheritdoc cref="TrySend(ProcessTarget, ShutdownSignal, int?)"/>
    /// <param name="processId">To whom: a positive id.</param>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    public static SendOutcome TrySend(int processId, ShutdownSignal signal, int? value = null) => TrySend(ProcessTarget.Process(processId), signal, value);

    private static string Explain(ProcessTarget target, ShutdownSignal signal, int? value, SendResult result) =>
        $"{signal.GetName()} could not be sent to {target}: " + result.Outcome switch
        {
            SendOutcome.Gone => $"it has ended, or there never was one. Where that is no error, use {nameof(TrySend)}.",
            SendOutcome.NotPermitted => "it belongs to another user. Send as that user or as root, or with the capability CAP_KILL.",
            _ when !SignalSending.Exists(signal) => $"{signal.GetName()} does not exist on this platform. Take one that does, SIGTERM for example.",
            _ when result.Reason is { } reason => reason,
            _ when ProcessPlatform.Current.WhyNotDeliverable(target.Identity, signal, value) is { } reason => reason,
            _ when value is not null => "a value cannot be sent here, or the queue of the receiver is full (RLIMIT_SIGPENDING of setrlimit(2)). Send without a value, or later.",
            _ => "this platform cannot bring this signal to that process. Take another, SIGKILL in the end.",
        };
}
