using System.Globalization;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>The words of a command.</summary>
internal static class Words
{
    public static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    public static TimeSpan Seconds(string word) => TimeSpan.FromSeconds(double.Parse(word, CultureInfo.InvariantCulture));

    public static ShutdownSignal[] Signals(IEnumerable<string> words) => [.. words.Select(ShutdownSignals.Parse)];

    public static string Names(IEnumerable<ShutdownSignal> signals) => string.Join(' ', signals.Select(signal => signal.GetName()));
}
