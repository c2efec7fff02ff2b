using System.Globalization;

namespace SignalStreams;

/// <summary>A moment on a monotonic clock by which something has to be done.</summary>
/// <remarks>The default value is <see cref="Never"/>. Two deadlines compare only if they were made with the same <see cref="TimeProvider"/>.
/// Changes of the system's date and time do not move them.</remarks>
public readonly record struct Deadline : IComparable<Deadline>
{
    // The distance to the end of time, so that default means never.
    private readonly long _beforeNever;

    private Deadline(long ticks) => _beforeNever = long.MaxValue - ticks;

    /// <summary>The deadline that never comes.</summary>
    public static Deadline Never => default;

    /// <summary>The deadline that has passed on every clock.</summary>
    public static Deadline Passed => new(0);

    /// <summary>Says whether this is <see cref="Never"/>.</summary>
    public bool IsNever => _beforeNever == 0;

    private long Ticks => long.MaxValue - _beforeNever;

    /// <summary>Makes the deadline that comes after a time.</summary>
    /// <param name="delay">The time from now; zero or less has passed already, null and <see cref="Timeout.InfiniteTimeSpan"/> mean never.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public static Deadline After(TimeSpan? delay, TimeProvider? time = null)
    {
        if (delay is not { } known || known == Timeout.InfiniteTimeSpan)
        {
            return Never;
        }

        var now = Now(time);
        return known.Ticks <= 0 ? new Deadline(now)
            : known.Ticks >= long.MaxValue - now ? Never
            : new Deadline(now + known.Ticks);
    }

    /// <summary>How long it is until then.</summary>
    /// <param name="time">The clock that it was made with; the system's by default.</param>
    /// <returns>Zero once it has passed; <see cref="Timeout.InfiniteTimeSpan"/> for <see cref="Never"/>.</returns>
    public TimeSpan Remaining(TimeProvider? time = null) => IsNever ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Max(0, Ticks - Now(time)));

    /// <summary>Says whether it has passed.</summary>
    /// <param name="time">The clock that it was made with; the system's by default.</param>
    public bool HasPassed(TimeProvider? time = null) => !IsNever && Ticks <= Now(time);

    /// <summary>Orders deadlines by time; <see cref="Never"/> is the last.</summary>
    public int CompareTo(Deadline other) => other._beforeNever.CompareTo(_beforeNever);

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after another.</summary>
    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not come after another.</summary>
    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not come before another.</summary>
    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;

    /// <summary>"never", "passed" or the seconds on the clock.</summary>
    public override string ToString() => IsNever ? "never" : Ticks == 0 ? "passed"
        : string.Create(CultureInfo.InvariantCulture, $"at {TimeSpan.FromTicks(Ticks).TotalSeconds:0.###} s of the clock");

    internal Deadline Plus(TimeSpan delay) => IsNever || delay == Timeout.InfiniteTimeSpan || delay.Ticks >= long.MaxValue - Ticks ? Never : new Deadline(Ticks + delay.Ticks);

    internal static Deadline Earlier(Deadline one, Deadline other) => other < one ? other : one;

    internal Deadline Minus(TimeSpan delay) => IsNever ? Never : new Deadline(Math.Max(0, Ticks - delay.Ticks));

    private static long Now(TimeProvider? time)
    {
        time ??= TimeProvider.System;
        var (seconds, rest) = Math.DivRem(time.GetTimestamp(), time.TimestampFrequency);

        // In whole numbers: GetElapsedTime goes through double, which has too few digits for a clock that began in the year 1.
        return (seconds * TimeSpan.TicksPerSecond) + (rest * TimeSpan.TicksPerSecond / time.TimestampFrequency);
    }
}
