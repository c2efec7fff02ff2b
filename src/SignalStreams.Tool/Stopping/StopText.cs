using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Steps and outcomes as lines for people.</summary>
internal static class StopText
{
    /// <summary>"process 12: SIGTERM sent, 4s to go".</summary>
    public static string Step(StopTask task, StopStep step)
    {
        var again = step.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $" (attempt {step.Attempt})") : "";
        var patience = step.Attempt > 1 ? "" : step.Step.Patience == Timeout.InfiniteTimeSpan ? ", waiting for as long as it takes" : $", waiting for up to {Durations.Format(step.Step.Patience)}";
        var running = step.Remaining.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"; {step.Remaining.Count} are running: {Names(step.Remaining)}") : "";
        var failed = step.Failures.Count > 0 ? $"; {Failures(step.Failures)}" : "";
        return $"{task.Name}: {step.Step.Signal.GetName()}{again}{patience}{running}{failed}";
    }

    public static string Outcome(StopTask task) => Mark(task) switch
    {
        true => $"{Style.Green(OperatingSystem.IsWindows() ? "ok" : "✔", Output.ColourOut)} {Sentence(task)}",
        null => $"{Style.Yellow("!", Output.ColourOut)} {Sentence(task)}",
        _ => $"{Style.Red(OperatingSystem.IsWindows() ? "x" : "✘", Output.ColourOut)} {Sentence(task)}",
    };

    /// <summary>Whether it went well; null when force was needed.</summary>
    public static bool? Mark(StopTask task) => task.Outcome?.Result switch
    {
        StopResult.AlreadyGone or StopResult.Graceful => true,
        StopResult.Killed => null,
        _ => false,
    };

    public static string Sentence(StopTask task) => task.Outcome switch
    {
        null => $"{task.Name}: given up{(task.Step is { Remaining.Count: > 0 } step ? $", still running: {Names(step.Remaining)}" : "")}",
        { Result: StopResult.AlreadyGone } outcome => $"{outcome.Target}: it had ended before",
        { Result: StopResult.StillAlive } outcome => $"{outcome.Target}: still running after {Durations.Seconds(outcome.Elapsed)}: {Names(outcome.Remaining)}{(outcome.Failures.Count > 0 ? $"; {Failures(outcome.Failures)}" : "")}",
        var outcome => $"{outcome.Target}: ended {Durations.Seconds(outcome.Elapsed)} after the first signal, by {outcome.LastSignal?.GetName()}{(outcome.ExitStatus is { Code: not null } status ? $" ({status})" : "")}",
    };

    /// <summary>"12 (bash), 13 (sleep) and 40 more".</summary>
    public static string Names(IReadOnlyList<ProcessIdentity> processes)
    {
        const int Shown = 5;
        var names = string.Join(", ", processes.Take(Shown).Select(process => Printable(process.ToString())));
        return processes.Count <= Shown ? names : string.Create(CultureInfo.InvariantCulture, $"{names} and {processes.Count - Shown} more");
    }

    private static string Failures(IReadOnlyList<SendFailure> failures) => string.Join(", ", failures
        .DistinctBy(failure => (failure.Process, failure.Outcome)).Take(5).Select(failure => $"{Printable(failure.Process.ToString())} {SendRun.Reason(new(failure.Outcome, failure.Reason))}"));

    // A process gives itself its name, and a line must stay one.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
