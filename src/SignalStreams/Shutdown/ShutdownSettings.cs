namespace SignalStreams;

/// <summary>The options in force.</summary>
internal sealed record ShutdownSettings
{
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(500);

    // What is left for the steps after it, of a budget that is used up: clean-up and last words have 150 ms each, and the way out 50. Wine has taken more than 100 to write a report.
    private static readonly TimeSpan AfterRollback = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan AfterCleanUp = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterLastWords = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongRollback = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortRollback = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultHandlerTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(5);

    private ShutdownSettings(StopBudget budget)
    {
        Budget = budget;
        MaxExecTime = Within(budget.Time - Reserve, TimeSpan.FromSeconds(OperatingSystem.IsWindows() ? 4.5 : 89.5));
    }

    public StopBudget Budget { get; private init; }

    public ShutdownSignal[] Signals { get; private init; } = [.. ShutdownSignals.Terminating];

    public bool TerminateOnHangup { get; private init; } = true;

    public bool TerminateOnLogoff { get; private init; } = true;

    public TimeSpan MaxExecTime { get; private init; }

    public TimeSpan? RollbackTime { get; private init; }

    public TimeSpan? HandlerTime { get; private init; }

    public TimeSpan CleanUpTime => GivenCleanUpTime ?? Within(Budget.Time, TimeSpan.FromSeconds(60));

    public Action? BeforeTermination { get; private init; }

    public Action? BeforeHangup { get; private init; }

    /// <summary>Null where nobody has said.</summary>
    public ExitStatusPolicy? ExitStatus { get; private init; }

    public ExitHandlerOrder HandlerOrder { get; private init; }

    public TimelineOutput Timeline { get; private init; }

    public Action<ShutdownTimeline>? OnTimeline { get; private init; }

    private TimeSpan? GivenCleanUpTime { get; init; }

    public static ShutdownSettings Defaults(StopBudget budget) => new(budget);

    /// <summary>The settings with what the options change.</summary>
    public ShutdownSettings With(ShutdownOptions options)
    {
        var context = ExecutionContext.Capture();
        return this with
        {
            Signals = options.Signals is { } signals ? SignalDoor.Check([.. signals, ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM], nameof(options.Signals)) : Signals,
            TerminateOnHangup = options.TerminateOnHangup ?? TerminateOnHangup,
            TerminateOnLogoff = options.TerminateOnLogoff ?? TerminateOnLogoff,
            MaxExecTime = Limits.Positive(options.MaxExecTime, nameof(options.MaxExecTime)) ?? MaxExecTime,
            RollbackTime = Limits.NotNegative(options.RollbackTime, nameof(options.RollbackTime)) ?? RollbackTime,
            HandlerTime = Limits.Positive(options.HandlerTime, nameof(options.HandlerTime)) ?? HandlerTime,
            GivenCleanUpTime = Limits.Positive(options.CleanUpTime, nameof(options.CleanUpTime)) ?? GivenCleanUpTime,
            BeforeTermination = InContext(options.BeforeTermination, context) ?? BeforeTermination,
            BeforeHangup = InContext(options.BeforeHangup, context) ?? BeforeHangup,
            ExitStatus = options.ExitStatus ?? ExitStatus,
            HandlerOrder = options.HandlerOrder ?? HandlerOrder,
            Timeline = options.Timeline ?? Timeline,
            OnTimeline = options.OnTimeline is { } output ? timeline => InContext(() => output(timeline), context)!() : OnTimeline,
        };
    }

#pragma warning disable CA1416 // It is among the signals on Windows only.
    /// <summary>Those of an end that is asked for so: at the stop of a service Windows waits as long as it is told that there is work, whatever time it would give at its own end.</summary>
    public ShutdownSettings For(CancelReason reason) =>
        Budget.Source == StopBudgetSource.Windows
        && reason is SignalCancelReason { Delivery: { Signal: ShutdownSignal.SIGTERM, Origin.Kind: SignalOriginKind.Service } }
        && IsShutdownToldApart()
            ? this with { Budget = Budget with { Time = null } }
            : this;

    // An event of two names comes under the one that was asked for first.
    private bool IsShutdownToldApart() =>
        Array.IndexOf(Signals, ShutdownSignal.CTRL_SHUTDOWN_EVENT) is >= 0 and var shutdown && shutdown < Array.IndexOf(Signals, ShutdownSignal.SIGTERM);
#pragma warning restore CA1416

    /// <summary>How long the main function may take to return, or what was cut off to roll back.</summary>
    /// <param name="isShort">Whether nobody drains: a block was cut off, only blocks could know of the end, or somebody asked again.</param>
    /// <param name="sinceRequest">The time since the request.</param>
    /// <param name="hosts">How long hosts may take to stop, which is their users' choice; null where there are none, or somebody asked again.</param>
    public TimeSpan RollbackLimit(bool isShort, TimeSpan sinceRequest, TimeSpan? hosts = null)
    {
        var limit = Within(Budget.Time / 2, isShort ? ShortRollback : LongRollback);
        limit = hosts is { } longer && (longer == Timeout.InfiniteTimeSpan || longer > limit) ? longer : limit;
        return Clip(RollbackTime ?? limit, sinceRequest, AfterRollback);
    }

    public TimeSpan CleanUpLimit(TimeSpan sinceRequest) => Clip(CleanUpTime, sinceRequest, AfterCleanUp);

    /// <summary>How long a handler may take that does not say. At an end that nobody asked for, no platform waits; the last one takes no other's time.</summary>
    public TimeSpan HandlerLimit(bool isRequested, bool isLast = false) => HandlerTime ?? Within(isRequested && !isLast ? Budget.Time / 4 : null, DefaultHandlerTime);

    public TimeSpan LastWordsLimit(TimeSpan sinceRequest) => Clip(LongestLastWords, sinceRequest, AfterLastWords);

    /// <summary>How long other owners' ProcessExit handlers may take, once all here is done. The runtime gives them no limit.</summary>
    public TimeSpan ExitLimit(TimeSpan sinceRequest) => Clip(ExitTime, sinceRequest, TimeSpan.Zero);

    // How long a step may take that begins some time after the request: its limit, or, if that is less, what the platform still gives.
    private TimeSpan Clip(TimeSpan limit, TimeSpan sinceRequest, TimeSpan reserve)
    {
        if (Budget.Usable is not { } budget)
        {
            return limit;
        }

        var left = budget - sinceRequest - reserve;
        left = left < Least ? Least : left;
        return limit == Timeout.InfiniteTimeSpan || limit > left ? left : limit;
    }

    private static TimeSpan Within(TimeSpan? share, TimeSpan limit) => share is not { } most || most > limit ? limit : most > Least ? most : Least;

    // Where ShutdownManager.Default and the like are what they were for whoever set it.
    private static Action? InContext(Action? callback, ExecutionContext? context) => callback is null || context is null
        ? callback
        : () => ExecutionContext.Run(context, static callback => ((Action)callback!)(), callback);
}
