namespace SignalStreams;

/// <summary>The options in force.</summary>
internal sealed record ShutdownSettings
{
    /// <summary>The least that a step is given when the platform's budget is used up.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(500);

    private ShutdownSettings(StopBudget budget)
    {
        Budget = budget;
        MaxExecTime = WithinBudget(TimeSpan.FromSeconds(OperatingSystem.IsWindows() ? 4.5 : 89.5), time => time - Reserve);
        RollbackTime = WithinBudget(TimeSpan.FromSeconds(5), time => time / 2);
        HandlerTime = WithinBudget(TimeSpan.FromSeconds(5), time => time / 4);
        CleanUpTime = WithinBudget(TimeSpan.FromSeconds(60), time => time);
    }

    public StopBudget Budget { get; }

    public ShutdownSignal[] Signals { get; private init; } = [.. ShutdownSignals.Terminating];

    public bool TerminateOnHangup { get; private init; } = true;

    public bool TerminateOnLogoff { get; private init; } = true;

    public TimeSpan MaxExecTime { get; private init; }

    public TimeSpan RollbackTime { get; private init; }

    public TimeSpan HandlerTime { get; private init; }

    public TimeSpan CleanUpTime { get; private init; }

    public Action? BeforeTermination { get; private init; }

    public Action? BeforeHangup { get; private init; }

    public ExitStatusPolicy ExitStatus { get; private init; } = ExitStatusPolicy.BySignal;

    public ExitHandlerOrder HandlerOrder { get; private init; }

    public TimelineOutput Timeline { get; private init; }

    public Action<ShutdownTimeline>? OnTimeline { get; private init; }

    public static ShutdownSettings Defaults(StopBudget budget) => new(budget);

    /// <summary>The settings with what the options change.</summary>
    public ShutdownSettings With(ShutdownOptions options) => this with
    {
        Signals = options.Signals is { } signals ? SignalDoor.Check([ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM, .. signals], nameof(options.Signals)) : Signals,
        TerminateOnHangup = options.TerminateOnHangup ?? TerminateOnHangup,
        TerminateOnLogoff = options.TerminateOnLogoff ?? TerminateOnLogoff,
        MaxExecTime = Limits.Positive(options.MaxExecTime, nameof(options.MaxExecTime)) ?? MaxExecTime,
        RollbackTime = Limits.NotNegative(options.RollbackTime, nameof(options.RollbackTime)) ?? RollbackTime,
        HandlerTime = Limits.Positive(options.HandlerTime, nameof(options.HandlerTime)) ?? HandlerTime,
        CleanUpTime = Limits.Positive(options.CleanUpTime, nameof(options.CleanUpTime)) ?? CleanUpTime,
        BeforeTermination = options.BeforeTermination ?? BeforeTermination,
        BeforeHangup = options.BeforeHangup ?? BeforeHangup,
        ExitStatus = options.ExitStatus ?? ExitStatus,
        HandlerOrder = options.HandlerOrder ?? HandlerOrder,
        Timeline = options.Timeline ?? Timeline,
        OnTimeline = options.OnTimeline ?? OnTimeline,
    };

    /// <summary>How long a step may take that begins some time after the request: its limit, or, if that is less, what the platform still gives.</summary>
    public TimeSpan Clip(TimeSpan limit, TimeSpan sinceRequest)
    {
        if (Budget.Time is not { } budget)
        {
            return limit;
        }

        var left = budget - sinceRequest - Least;
        left = left < Least ? Least : left;
        return limit == Timeout.InfiniteTimeSpan || limit > left ? left : limit;
    }

    private TimeSpan WithinBudget(TimeSpan limit, Func<TimeSpan, TimeSpan> share) =>
        Budget.Time is { } budget && share(budget) < limit ? (share(budget) > Least ? share(budget) : Least) : limit;
}
