using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Reads a stop plan from the command line or a file: <c>INT:15s/1s,TERM:5s,KILL</c>.</summary>
/// <remarks>
/// <code>
/// plan     = "default" | "interactive" | step { "," step }
/// step     = signal [ ":" patience [ "/" repeat ] ]
/// patience = a time, or "forever"
/// </code>
/// Blanks around the parts are passed over. A step without a patience waits four seconds; SIGKILL two, as <see cref="StopPlan.ThenKill"/>.
/// </remarks>
internal static class StopPlanText
{
    public const string Grammar = "SIGNAL[:PATIENCE[/REPEAT]],... as in INT:15s/1s,TERM:5s,KILL";

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    /// <param name="text">What was written.</param>
    /// <param name="plan">The plan, when there is no error.</param>
    /// <param name="error">What is wrong, and where.</param>
    public static bool TryParse(string text, out StopPlan plan, out string error)
    {
        plan = StopPlan.Default;
        error = "";
        switch (text.Trim())
        {
            case "default":
                return true;
            case "interactive":
                plan = StopPlan.Interactive;
                return true;
            default:
                return TrySteps(text, out plan, out error);
        }
    }

    private static bool TrySteps(string text, out StopPlan plan, out string error)
    {
        plan = StopPlan.Default;
        error = "";
        StopPlan? steps = null;
        for (var start = 0; start <= text.Length;)
        {
            var end = text.IndexOf(',', start) is var comma and >= 0 ? comma : text.Length;
            if (!TryStep(text, start..end, out var step, out error))
            {
                return false;
            }

            steps = steps is null ? StopPlan.Send(step.Signal, step.Patience, step.RepeatEvery) : steps.Then(step.Signal, step.Patience, step.RepeatEvery);
            start = end + 1;
        }

        plan = steps!;
        return true;
    }

    private static bool TryStep(string text, Range range, out StopPlanStep step, out string error)
    {
        step = null!;
        error = "";
        var (offset, length) = range.GetOffsetAndLength(text.Length);
        var part = text.AsSpan(range);
        var colon = part.IndexOf(':');
        var name = colon < 0 ? part : part[..colon];
        if (name.IsWhiteSpace())
        {
            error = At(text, offset, length == 0 || colon < 0 ? "a step is missing" : "the name of a signal is missing");
            return false;
        }

        if (!ShutdownSignals.TryParse(name.Trim().ToString(), out var signal))
        {
            error = At(text, offset + Blanks(name), $"'{name.Trim()}' names no signal");
            return false;
        }

        // On Windows SIGKILL stands for the end of the process.
#pragma warning disable CA1416
        var isKill = signal == ShutdownSignal.SIGKILL;
#pragma warning restore CA1416
        if (!isKill && SignalList.Undeliverable(signal) is { } undeliverable)
        {
            error = At(text, offset + Blanks(name), undeliverable.TrimEnd('.'));
            return false;
        }

        var patience = isKill ? KillPatience : DefaultPatience;
        TimeSpan? repeat = null;
        if (colon >= 0)
        {
            var times = part[(colon + 1)..];
            var slash = times.IndexOf('/');
            var waited = slash < 0 ? times : times[..slash];
            if (!TryTime(waited, allowsForever: true, out patience))
            {
                error = At(text, offset + colon + 1 + Blanks(waited), $"'{waited.Trim()}' is no patience; write {Durations.Forms}, or forever");
                return false;
            }

            if (slash >= 0)
            {
                var repeated = times[(slash + 1)..];
                if (!TryTime(repeated, allowsForever: false, out var every))
                {
                    error = At(text, offset + colon + 1 + slash + 1 + Blanks(repeated), $"'{repeated.Trim()}' is no time to repeat after; write {Durations.Forms}");
                    return false;
                }

                repeat = every;
            }
        }

        step = new StopPlanStep(signal, patience, repeat);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, bool allowsForever, out TimeSpan time)
    {
        if (allowsForever && text.Trim() is "forever")
        {
            time = Timeout.InfiniteTimeSpan;
            return true;
        }

        return Durations.TryParse(text, out time) && time > TimeSpan.Zero;
    }

    private static int Blanks(ReadOnlySpan<char> text) => text.Length - text.TrimStart().Length;

    // Columns begin with 1, as in every compiler.
    private static string At(string plan, int offset, string message) => string.Create(
        CultureInfo.InvariantCulture, $"The plan '{plan}' is wrong at column {offset + 1}: {message}. A plan is default, interactive, or {Grammar}.");
}
