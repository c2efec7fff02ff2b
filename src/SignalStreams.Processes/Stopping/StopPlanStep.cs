namespace SignalStreams;

/// <summary>One step of a <see cref="StopPlan"/>.</summary>
/// <param name="Signal">What is sent.</param>
/// <param name="Patience">How long the end is waited for before the next step; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
/// <param name="RepeatEvery">How often it is sent again within that time; null when it is sent once.</param>
public sealed record StopPlanStep(ShutdownSignal Signal, TimeSpan Patience, TimeSpan? RepeatEvery)
{
    /// <summary>"SIGTERM, 4 s", "SIGINT every 1 s, 15 s".</summary>
    public override string ToString() => $"{SignalText}, {(Patience == Timeout.InfiniteTimeSpan ? "for ever" : Seconds.Format(Patience))}";

    internal string SignalText => RepeatEvery is { } every ? $"{Signal.GetName()} every {Seconds.Format(every)}" : Signal.GetName();
}
