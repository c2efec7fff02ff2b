namespace SignalStreams;

/// <summary>What an exit handler may want to know.</summary>
public sealed class ExitContext
{
    private readonly TimeProvider _time;

    internal ExitContext(ExitHandlerRun run, ExitReason reason, TimeProvider time)
    {
        Run = run;
        Why = reason;
        _time = time;
    }

    /// <summary>Why the process ends.</summary>
    public ExitCause Cause => Why.Cause;

    /// <summary>Who asked for the end; null when nobody did.</summary>
    public CancelReason? Reason => Why.Reason;

    /// <summary>The signal; null when none asked for the end.</summary>
    public ShutdownSignal? Signal => Delivery?.Signal;

    /// <summary>The signal with all that is known of it.</summary>
    public SignalDelivery? Delivery => (Why.Reason as SignalCancelReason)?.Delivery;

    /// <summary>The exception that nobody caught; null otherwise.</summary>
    public Exception? Exception => Why.Exception;

    /// <summary>By when the handler has to have ended, on the manager's clock.</summary>
    public Deadline Deadline => Run.Deadline;

    /// <summary>How much time is left of that: zero or more; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan TimeRemaining => Run.Deadline.Remaining(_time);

    /// <summary>Cancelled shortly before the deadline (a tenth of the limit, at most 250 ms): a handler that ends for it is not given up.</summary>
    public CancellationToken Token => Run.Token;

    internal ExitHandlerRun Run { get; }

    internal ExitReason Why { get; }
}
