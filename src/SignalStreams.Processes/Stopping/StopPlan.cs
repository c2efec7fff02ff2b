namespace SignalStreams;

/// <summary>How a process is stopped: which signals, in which order, and how long each is given.</summary>
/// <remarks>Immutable. Built from steps: <c>StopPlan.Send(SIGINT, TimeSpan.FromSeconds(10)).Then(SIGTERM, TimeSpan.FromSeconds(5)).ThenKill()</c>.</remarks>
public sealed class StopPlan
{
    private StopPlan(IReadOnlyList<StopPlanStep> steps) => Steps = steps;

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
    /// <exception cref="ArgumentOutOfRangeException">A time is not positive, or the patience is longer than 49 days.</exception>
    public static StopPlan Send(ShutdownSignal signal, TimeSpan patience, TimeSpan? repeatEvery = null) => new([new(signal, patience, repeatEvery)]);

    /// <summary>This plan, with one step more.</summary>
    /// <inheritdoc cref="Send"/>
    public StopPlan Then(ShutdownSignal signal, TimeSpan patience, TimeSpan? repeatEvery = null) => new([.. Steps, new(signal, patience, repeatEvery)]);

    /// <summary>This plan, with SIGKILL at its end; on Windows the end of the process or of its job.</summary>
    /// <param name="patience">How long the end is waited for: a process in an uninterruptible wait ends only after it. Default: two seconds.</param>
    // On Windows SIGKILL stands for TerminateProcess.
#pragma warning disable CA1416
    public StopPlan ThenKill(TimeSpan? patience = null) => Then(ShutdownSignal.SIGKILL, patience ?? TimeSpan.FromSeconds(2));
#pragma warning restore CA1416

    /// <summary>"SIGTERM, 4 s, SIGKILL".</summary>
    public override string ToString() => "";
}
