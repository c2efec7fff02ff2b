namespace SignalStreams;

/// <summary>How a process is stopped: which signals, in which order, and how long each is given.</summary>
/// <remarks>Immutable. Built from steps: <c>StopPlan.Send(SIGINT, TimeSpan.FromSeconds(10)).Then(SIGTERM, TimeSpan.FromSeconds(5)).ThenKill()</c>.</remarks>
public sealed class StopPlan
{
    // What a timer of the runtime can take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private StopPlan(StopPlanStep[] steps) => Steps = Array.AsReadOnly(steps);

    /// <summary>SIGTERM, four seconds, SIGKILL: what <see cref="SafeKill"/> does.</summary>
    public static StopPlan Default { get; } = Send(ShutdownSignal.SIGTERM, TimeSpan.FromSeconds(4)).ThenKill();

    /// <summary>SIGINT each second for fifteen seconds, then SIGKILL: what programs expect that a person stops by Ctrl-C.</summary>
    public static StopPlan Interactive { get; } = Send(ShutdownSignal.SIGINT, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1)).ThenKill();

    /// <summary>The steps, the first one first.</summary>
    public IReadOnlyList<StopPlanStep> Steps { get; }

    /// <summary>One signal of the caller's choice and no more, as Gooey's <c>shutdown_signal</c>.</summary>
    /// <param name="signal">What is sent.</param>
    /// <param name="patience">How long the end is waited for. Default: four seconds.</param>
    public static StopPlan Gooey(ShutdownSignal signal, TimeSpan? patience = null) => Send(signal, patience ?? TimeSpan.FromSeconds(4));

    /// <summary>A plan whose first step sends this signal.</summary>
    /// <param name="signal">What is sent.</param>
    /// <param name="patience">How long the end is waited for before the next step; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="repeatEvery">Sends it again each time this much has passed; null sends it once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is not positive, or longer than 49 days; or no platform has such a signal.</exception>
    public static StopPlan Send(ShutdownSignal signal, TimeSpan patience, TimeSpan? repeatEvery = null) => new([Check(signal, patience, repeatEvery)]);

    /// <summary>This plan, with one step more.</summary>
    /// <inheritdoc cref="Send"/>
    public StopPlan Then(ShutdownSignal signal, TimeSpan patience, TimeSpan? repeatEvery = null) => new([.. Steps, Check(signal, patience, repeatEvery)]);

    /// <summary>This plan, with SIGKILL at its end; on Windows the end of the process or of its job.</summary>
    /// <param name="patience">How long the end is waited for: a process in an uninterruptible wait ends only after it. Default: two seconds.</param>
    // On Windows SIGKILL stands for TerminateProcess.
#pragma warning disable CA1416
    public StopPlan ThenKill(TimeSpan? patience = null) => Then(ShutdownSignal.SIGKILL, patience ?? TimeSpan.FromSeconds(2));
#pragma warning restore CA1416

    /// <summary>"SIGTERM, 4 s, SIGKILL".</summary>
    public override string ToString()
    {
        // How long the end of a kill is waited for interests nobody.
        var last = Steps[^1];
        return string.Join(", ", Steps.SkipLast(1).Select(step => step.ToString()).Append(SignalSending.IsKill(last.Signal) ? last.SignalText : last.ToString()));
    }

    private static StopPlanStep Check(ShutdownSignal signal, TimeSpan patience, TimeSpan? repeatEvery)
    {
        signal = SignalSending.Check(signal, nameof(signal));
        if (patience != Timeout.InfiniteTimeSpan && (patience <= TimeSpan.Zero || patience > Longest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(patience), patience, $"The patience with {signal.GetName()} must be more than nothing and no more than 49 days. For no limit pass Timeout.InfiniteTimeSpan.");
        }

        return repeatEvery is { } every && (every <= TimeSpan.Zero || every > Longest)
            ? throw new ArgumentOutOfRangeException(
                nameof(repeatEvery), every, $"The time between two {signal.GetName()} must be more than nothing and no more than 49 days. To send it once pass null.")
            : new(signal, patience, repeatEvery);
    }
}
