using System.Buffers;
using System.Globalization;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads and writes lengths of time as people do: "500ms", "4s", "1m30s", "1.5h"; a bare number is seconds, as for sleep(1).</summary>
internal static class Durations
{
    /// <summary>For messages and help.</summary>
    public const string Forms = "a time like 500ms, 4s or 1m30s; a bare number is seconds";

    // A timer of the runtime takes no longer one (Timer, "dueTime": uint.MaxValue - 1 milliseconds).
    public static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (TryNumber(text, out var seconds))
        {
            return TryScale(seconds, TimeSpan.TicksPerSecond, ref duration);
        }

        var previous = double.PositiveInfinity;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !TryNumber(text[..digits], out var number))
            {
                return false;
            }

            text = text[digits..];
            var letters = text.IndexOfAnyExceptInRange('a', 'z');
            var unit = UnitOf(letters < 0 ? text : text[..letters]);

            // Each unit once, from the longest down.
            if (unit == 0 || unit >= previous || !TryScale(number, unit, ref duration))
            {
                return false;
            }

            previous = unit;
            text = letters < 0 ? [] : text[letters..];
        }

        return double.IsFinite(previous);
    }

    /// <summary>"500ms", "4s", "1m30s".</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == Timeout.InfiniteTimeSpan)
        {
            return "forever";
        }

        var text = new StringBuilder();
        Append(text, (int)duration.TotalHours, "h");
        Append(text, duration.Minutes, "m");
        Append(text, duration.Seconds, "s");
        Append(text, duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();
    }

    /// <summary>"0.32 s", for what has passed.</summary>
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString(duration.TotalSeconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s";

    private static void Append(StringBuilder text, int number, string unit)
    {
        if (number != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
        }
    }

    private static long UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" or "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        _ => 0,
    };

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && char.IsAsciiDigit(text[0]);

    private static bool TryScale(double number, long unit, ref TimeSpan sum)
    {
        var ticks = (number * unit) + sum.Ticks;
        if (ticks > Longest.Ticks)
        {
            return false;
        }

        sum = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
