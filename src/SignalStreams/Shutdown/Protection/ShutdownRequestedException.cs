namespace SignalStreams;

/// <summary>The process was asked to end, and the protected block in which this is thrown is where it may.</summary>
/// <remarks>
/// <para>It carries <see cref="ShutdownManager.StoppingToken"/>, and is a cancellation for everybody but scopes and task groups, none of which swallows it.</para>
/// <para>Where nobody catches it, nor any other cancellation once <see cref="ShutdownManager.StoppingToken"/> is cancelled, nor a <see cref="ShutdownImminentException"/>,
/// that is no failure: exit handlers run, and the process ends as the signal asks (<see cref="ShutdownOptions.ExitStatus"/>). But the runtime looks for a <c>catch</c>
/// before it runs a <c>finally</c>: those of a synchronous main function, and of a thread, do not run then. Asynchronous ones do. A thread that it leaves does not end before
/// the process does: who joins it waits for as long.</para>
/// </remarks>
public sealed class ShutdownRequestedException : OperationCanceledException, IPassesScopes
{
    /// <summary>Makes one without data, as every exception can be made.</summary>
    public ShutdownRequestedException()
        : this("The process was asked to end.")
    {
    }

    /// <summary>Makes one with a text.</summary>
    public ShutdownRequestedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a text and a cause.</summary>
    public ShutdownRequestedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ShutdownRequestedException(ShutdownKind kind, CancelReason reason, string reasonText, Exception? cause, CancellationToken stoppingToken)
        : base($"The process is about to end: {reasonText}.", cause, stoppingToken)
    {
        Kind = kind;
        Reason = reason;
    }

    /// <summary>How urgently.</summary>
    public ShutdownKind Kind { get; } = ShutdownKind.Terminate;

    /// <summary>By whom: a <see cref="SignalCancelReason"/> for a signal.</summary>
    public CancelReason? Reason { get; }

    /// <summary>The signal; null when the program itself asked.</summary>
    public ShutdownSignal? Signal => (Reason as SignalCancelReason)?.Signal;
}
