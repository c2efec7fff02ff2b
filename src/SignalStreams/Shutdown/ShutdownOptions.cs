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

    /// <summary>Windows: whether the end of the user's session asks the process to end. A service is not told of it.</summary>
    /// <value>Default true.</value>
    public bool? TerminateOnLogoff { get; set; }

    /// <summary>How long a protected block may hold the end, from its beginning or its last renewal, where it does not say itself.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 89.5 s, on Windows 4.5 s, and never more than the platform's budget less half a second.</value>
    public TimeSpan? MaxExecTime { get; set; }

    /// <summary>At which attempt the process ends by the signal at once: that of the hub (<see cref="SignalHub.MaxAttempts"/>).</summary>
    /// <value>From 1; default 3; <see cref="SignalHub.UnlimitedAttempts"/> for never.</value>
    public int? MaxAttempts { get; set; }

    /// <summary>How long the main function has to return, and blocks that were cut off to roll back, once <see cref="ShutdownManager.StoppingToken"/> is cancelled.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 30 s; 5 s when a block was cut off, only blocks could know of the end, or somebody asked a second
    /// time; and at most half of the platform's budget. It is not waited for where nobody could know of the end: nobody has asked for the token, is in a block, listens to the signal
    /// in another way of this library's, or has loaded the Generic Host. Who listens without any of these, such as by <see cref="Console.CancelKeyPress"/>, is not seen.</value>
    public TimeSpan? RollbackTime { get; set; }

    /// <summary>How long an exit handler may take, where its registration does not say.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 5 s, and at an end that somebody asked for at most a quarter of the platform's budget, but for the last handler, which has what is left.</value>
    public TimeSpan? HandlerTime { get; set; }

    /// <summary>How long all exit handlers together may take. Those that have not begun by then are skipped.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 60 s, and at most the platform's budget.</value>
    public TimeSpan? CleanUpTime { get; set; }

    /// <summary>Called once, right before the end that somebody asked for, whatever kind of end it is. Not after an end that nobody asked for.</summary>
    /// <value>Default: nothing. Be quick: it has a second, less when the platform's budget is used up, and a quarter of one before an end by force. To remove one, set one that does nothing.</value>
    public Action? BeforeTermination { get; set; }

    /// <summary>Called on every SIGHUP, also when it does not ask for the end; by one thread at a time.</summary>
    /// <value>Default: nothing. When SIGHUP asks for the end, that waits for it for a second. To remove one, set one that does nothing.</value>
    public Action? BeforeHangup { get; set; }

    /// <summary>What the parent sees after a signal, where the program has not chosen an exit code of its own.</summary>
    /// <value>Default <see cref="ExitStatusPolicy.BySignal"/>. A code that the main function returns, 0 too, or that somebody has set as <see cref="Environment.ExitCode"/>, is
    /// such a choice; a main function that returns nothing, and one that does not return, make none. <see cref="SignalHub.Run(Func{CancellationToken, Task})"/> follows it as well.</value>
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
