namespace SignalStreams;

/// <summary>How a stop came out, how long it took, and what the process left.</summary>
public sealed record StopOutcome
{
    /// <summary>How it came out.</summary>
    public required StopResult Result { get; init; }

    /// <summary>What was to be stopped.</summary>
    public required string Target { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The signal of the last step that was begun; null when nothing was sent.</summary>
    public ShutdownSignal? LastSignal { get; init; }

    /// <summary>The number of the last step that was begun: 0 is the first; null when nothing was sent.</summary>
    public int? LastStep { get; init; }

    /// <summary>How the process ended; null where that cannot be known: the system tells a parent only.</summary>
    public ProcessExitStatus? ExitStatus { get; init; }

    /// <summary>Who is still running.</summary>
    public IReadOnlyList<ProcessIdentity> Remaining { get; init; } = [];

    /// <summary>Who could not be sent a signal, and why.</summary>
    public IReadOnlyList<SendFailure> Failures { get; init; } = [];

    /// <summary>Whether nobody is left.</summary>
    public bool IsGone => Result != StopResult.StillAlive;

    /// <summary>Whether the stop ended it: false when it had ended by itself before anything was sent.</summary>
    public bool WasStopped => Result is StopResult.Graceful or StopResult.Killed;

    /// <summary>A line for a log: "process 12 (bash) ended 0.3 s after SIGTERM: SIGTERM".</summary>
    public override string ToString() =>
        Result switch
        {
            StopResult.AlreadyGone => $"{Target} had ended already",
            StopResult.Graceful when LastStep == 0 => $"{Target} ended {Took} after {Sent}",
            StopResult.Graceful => $"{Target} ended after {Sent}, {Took} in all",
            StopResult.Killed => $"{Target} was killed after {Took}",
            _ when LastSignal is null => $"{Target} is still running after {Took}",
            _ => $"{Target} is still running {Took} after the stop began, {Sent} was the last that was sent",
        }
        + (ExitStatus is { } status ? $": {status}" : "")
        + (Remaining.Count > 0 ? $"; running: {List(Remaining.Select(process => process.ToString()))}" : "")
        + (Failures.Count > 0 ? $"; not sent: {List(Failures.Select(failure => failure.ToString()))}" : "");

    private string Took => Seconds.FormatMeasured(Elapsed);

    private string? Sent => LastSignal?.GetName();

    // A line stays one that can be read.
    private static string List(IEnumerable<string> items)
    {
        const int Shown = 5;
        var all = items.ToList();
        return string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? FormattableString.Invariant($" and {all.Count - Shown} more") : "");
    }
}
