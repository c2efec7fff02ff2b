namespace SignalStreams;

/// <summary>What an exit handler may want to know.</summary>
public sealed class ExitContext
{
    private readonly ExitHandlerRun _run;
    private readonly ExitReason _why;
    private readonly TimeProvider _time;

    internal ExitContext(ExitHandlerRun run, ExitReason reason, TimeProvider time) => (_run, _why, _time) = (run, reason, time);

    /// <summary>Why the process ends.</summary>
    public ExitCause Cause => _why.Cause;

    /// <summary>Who asked for the end; null when nobody did.</summary>
    public CancelReason? Reason => _why.Reason;

    /// <summary>The signal; null when none asked for the end.</summary>
    public ShutdownSignal? Signal => Delivery?.Signal;

    /// <summary>The signal with all that is known of it.</summary>
    public SignalDelivery? Delivery => (_why.Reason as SignalCancelReason)?.Delivery;

    /// <summary>The exception that nobody caught; null otherwise.</summary>
    public Exception? Exception => _why.Exception;

    /// <summary>By when the handler has to have ended, on the manager's clock.</summary>
    public Deadline Deadline => _run.Deadline;

    /// <summary>How much time is left of that: zero or more; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan TimeRemaining => _run.Deadline.Remaining(_time);

    /// <summary>Cancelled shortly before the deadline (a tenth of the limit, at most 250 ms): a handler that ends for it is not given up.</summary>
    public CancellationToken Token => _run.Token;
}
