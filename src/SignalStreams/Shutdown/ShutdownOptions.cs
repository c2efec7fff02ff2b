namespace SignalStreams;

/// <summary>What <see cref="ShutdownManager.Configure"/> is to change. What is left null keeps its value.</summary>
/// <remarks>The defaults keep within <see cref="StopBudget.Current"/>, where that is known; what you set is kept as you set it.</remarks>
public sealed class ShutdownOptions
{
    /// <summary>The signals that ask the process to end.</summary>
    /// <value>Default <see cref="ShutdownSignals.Terminating"/>. SIGINT and SIGTERM are always among them. What is not chosen keeps the
    /// system's default: nothing is run, nothing is printed.</value>
    public IEnumerable<ShutdownSignal>? Signals { get; set; }

    /// <summary>Whether SIGHUP asks the process to end. If not, <see cref="BeforeHangup"/> is all that happens.</summary>
    /// <value>Default true. SIGHUP never counts as an attempt.</value>
    public bool? TerminateOnHangup { get; set; }

    /// <summary>Windows: whether the end of the user's session asks the process to end. A service stays when it is false.</summary>
    /// <value>Default true.</value>
    public bool? TerminateOnLogoff { get; set; }

    /// <summary>How long a protected block may hold the end, from its beginning or its last renewal, where it does not say itself.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 89.5 s, on Windows 4.5 s, and never more than the platform's budget less half a second.</value>
    public TimeSpan? MaxExecTime { get; set; }

    /// <summary>At which attempt the process ends by the signal at once: that of the hub (<see cref="SignalHub.MaxAttempts"/>).</summary>
    /// <value>From 1; default 3; <see cref="SignalHub.UnlimitedAttempts"/> for never.</value>
    public int? MaxAttempts { get; set; }

    /// <summary>How long the main function has to return, and blocks that were cut off to roll back, once <see cref="ShutdownManager.StoppingToken"/> is cancelled.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 5 s, and at most half of the platform's budget. A server that drains its connections needs more.
    /// It is not waited for where nobody could know of the end: nobody has asked for the token, entered a block, or listens to the signal in another way of this library's.
    /// What listens to it without this library, such as a host or <see cref="Console.CancelKeyPress"/>, is not seen.</value>
    public TimeSpan? RollbackTime { get; set; }

    /// <summary>How long an exit handler may take, where its registration does not say.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 5 s, and at most a quarter of the platform's budget.</value>
    public TimeSpan? HandlerTime { get; set; }

    /// <summary>How long all exit handlers together may take. Those that have not begun by then are skipped.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 60 s, and at most the platform's budget.</value>
    public TimeSpan? CleanUpTime { get; set; }

    /// <summary>Called once, right before the end that somebody asked for, whatever kind of end it is. Not after an end that nobody asked for.</summary>
    /// <value>Default: nothing. Be quick: it has a second, and a quarter of one before an end by force. To remove one, set one that does nothing.</value>
    public Action? BeforeTermination { get; set; }

    /// <summary>Called on every SIGHUP, also when it does not ask for the end.</summary>
    /// <value>Default: nothing. To remove one, set one that does nothing.</value>
    public Action? BeforeHangup { get; set; }

    /// <summary>What the parent sees after a signal, where the program has not chosen an exit code of its own.</summary>
    /// <value>Default <see cref="ExitStatusPolicy.BySignal"/>.</value>
    public ExitStatusPolicy? ExitStatus { get; set; }

    /// <summary>In which order the exit handlers of a phase run.</summary>
    /// <value>Default <see cref="ExitHandlerOrder.LastRegisteredFirst"/>.</value>
    public ExitHandlerOrder? HandlerOrder { get; set; }

    /// <summary>When the timeline is handed to <see cref="OnTimeline"/>.</summary>
    /// <value>Default <see cref="TimelineOutput.WhenLimitPassed"/>.</value>
    public TimelineOutput? Timeline { get; set; }

    /// <summary>Gets the timeline, right before the end.</summary>
    /// <value>Default: <see cref="ShutdownTimeline.ToString"/> is written to the standard error stream. It shares the time of <see cref="BeforeTermination"/>.</value>
    public Action<ShutdownTimeline>? OnTimeline { get; set; }
}
