namespace SignalStreams;

/// <summary>Refuses limits that make no sense, at the door.</summary>
internal static class Limits
{
    public static TimeSpan? Positive(TimeSpan? limit, string name) => limit is not { } known || known == Timeout.InfiniteTimeSpan || known > TimeSpan.Zero
        ? limit
        : throw new ArgumentOutOfRangeException(name, known, $"{name} has to be more than zero. For no limit use Timeout.InfiniteTimeSpan.");

    public static int ExitCode(int code, string name) => OperatingSystem.IsWindows() || code is >= 0 and <= 255
        ? code
        : throw new ArgumentOutOfRangeException(name, code, "On Unix an exit code is from 0 to 255 (exit(3)).");

    public static TimeSpan? NotNegative(TimeSpan? limit, string name) => limit is not { } known || known == Timeout.InfiniteTimeSpan || known >= TimeSpan.Zero
        ? limit
        : throw new ArgumentOutOfRangeException(name, known, $"{name} cannot be less than zero. For no limit use Timeout.InfiniteTimeSpan.");
}
