namespace SignalStreams;

/// <summary>What is to be done to bring a signal to a process.</summary>
/// <param name="Route">By which way.</param>
/// <param name="Event">The event, where it goes through a console.</param>
/// <param name="Reason">Why there is no way, and what there is instead; null where there is one.</param>
internal readonly record struct WindowsSendPlan(WindowsSendRoute Route, ConsoleEvent Event = default, string? Reason = null)
{
    /// <summary>There is no way.</summary>
    public static WindowsSendPlan Unreachable(string reason) => new(WindowsSendRoute.None, Reason: reason);
}
