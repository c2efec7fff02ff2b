using System.CommandLine;
using System.CommandLine.Parsing;

namespace SignalStreams.Tool;

/// <summary>Signals on the command line: in any usual form, several by space or comma.</summary>
internal static class SignalList
{
    private const int LastStandardSignal = 31;

    /// <summary>Every signal that this platform has a number for, in the order of the numbers, as kill(1) lists them.</summary>
    public static IReadOnlyList<ShutdownSignal> All { get; } = Find();

    /// <summary>Every signal that a program can listen to.</summary>
    public static IReadOnlyList<ShutdownSignal> Listenable => OperatingSystem.IsWindows() ? ShutdownSignals.Terminating : FindListenable();

    // Loops and not LINQ, which would have to be compiled for numbers at the start of the command.
    private static List<ShutdownSignal> Find()
    {
        var signals = new List<ShutdownSignal>(64);
        for (var number = 1; number <= Math.Max(LastStandardSignal, SignalTable.Current.RealTimeMaximum); number++)
        {
            var signal = ((ShutdownSignal)number).Normalize();
            if ((number <= LastStandardSignal || number >= SignalTable.Current.RealTimeMinimum) && char.IsAsciiLetter(signal.GetName()[0]))
            {
                signals.Add(signal);
            }
        }

#pragma warning disable CA1416 // Windows has no number for it; it stands for TerminateProcess.
        if (OperatingSystem.IsWindows())
        {
            signals.Add(ShutdownSignal.SIGKILL);
        }
#pragma warning restore CA1416

        return signals;
    }

    private static List<ShutdownSignal> FindListenable()
    {
        var signals = new List<ShutdownSignal>(64);
        foreach (var signal in All)
        {
            if (ShutdownSignals.IsSupported(signal))
            {
                signals.Add(signal);
            }
        }

        return signals;
    }

    public static ShutdownSignal[] Parse(ArgumentResult result)
    {
        var signals = new List<ShutdownSignal>();
        foreach (var token in result.Tokens)
        {
            foreach (var text in token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!ShutdownSignals.TryParse(text, out var signal))
                {
                    result.AddError(NotASignal(text));
                }
                else if (!signals.Contains(signal))
                {
                    signals.Add(signal);
                }
            }
        }

        return [.. signals];
    }

    public static ShutdownSignal ParseOne(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!ShutdownSignals.TryParse(text, out var signal))
        {
            result.AddError(NotASignal(text));
        }
        else if (Undeliverable(signal) is { } error)
        {
            result.AddError(error);
        }

        return signal;
    }

    /// <summary>Why a signal cannot be sent by anybody here; null when it can.</summary>
    public static string? Undeliverable(ShutdownSignal signal)
    {
        // Windows has none of that name, and ends processes all the same.
        if (SignalSending.IsKill(signal))
        {
            return null;
        }

        try
        {
            _ = SignalDoor.CheckForSending(signal, "");
            return null;
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            return e.Message;
        }
    }

    public static string NotASignal(string text) =>
        $"'{text}' names no signal. Write a name (SIGTERM, TERM), a number (15) or a real-time signal (RTMIN+3); 'signalstreams send --list' lists them.";

    /// <summary>The names as completions, with and without SIG.</summary>
    public static void AddTo(Argument argument) => argument.CompletionSources.Add(_ => Names);

    public static void AddTo(Option option) => option.CompletionSources.Add(_ => Names);

    // As kill(1) completes them; the long form is understood as well.
    private static IEnumerable<string> Names => All.Select(signal => signal.GetName() is var name && name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name);
}
