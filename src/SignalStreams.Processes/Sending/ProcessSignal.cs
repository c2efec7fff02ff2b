using System.Diagnostics;

namespace SignalStreams;

/// <summary>Sends signals to other processes.</summary>
/// <remarks>All members are thread-safe. SIGKILL is no exception: it is a signal like others here. Sending to a group sends to all of its members at
/// once; sending to a tree goes from the youngest descendants up.</remarks>
public static class ProcessSignal
{
    /// <summary>Sends a signal, with a value where one is given (sigqueue(3)).</summary>
    /// <exception cref="ProcessSignalException">It could not be sent: the process is gone, not ours, or out of reach.</exception>
    public static void Send(ProcessTarget target, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <inheritdoc cref="Send(ProcessTarget, ShutdownSignal, int?)"/>
    public static void Send(Process process, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <inheritdoc cref="Send(ProcessTarget, ShutdownSignal, int?)"/>
    public static void Send(int processId, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <summary>Sends a signal, and says what became of it.</summary>
    public static SendOutcome TrySend(ProcessTarget target, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <inheritdoc cref="TrySend(ProcessTarget, ShutdownSignal, int?)"/>
    public static SendOutcome TrySend(Process process, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <inheritdoc cref="TrySend(ProcessTarget, ShutdownSignal, int?)"/>
    public static SendOutcome TrySend(int processId, ShutdownSignal signal, int? value = null) => throw new NotSupportedException();
}
