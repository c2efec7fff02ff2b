using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>What the log says of those who held up the stop.</summary>
internal static partial class ReportLog
{
    [LoggerMessage(50, LogLevel.Warning, "HostOptions.ShutdownTimeout ({Limit}) has passed, and not all services have stopped. {Timeline}")]
    public static partial void LimitPassed(this ILogger logger, string limit, string timeline);

    [LoggerMessage(51, LogLevel.Warning, "What the second signal cuts short. {Timeline}")]
    public static partial void CutShortOf(this ILogger logger, string timeline);

    [LoggerMessage(52, LogLevel.Warning, "The host has stopped, and not everything ended in time. {Timeline}")]
    public static partial void StoppedLate(this ILogger logger, string timeline);

    [LoggerMessage(53, LogLevel.Information, "The host has stopped. {Timeline}")]
    public static partial void StoppedInTime(this ILogger logger, string timeline);

    [LoggerMessage(54, LogLevel.Warning, "'{Service}' did not stop within {Limit} and was given up; the other services are stopped without it")]
    public static partial void GivenUp(this ILogger logger, string service, string limit);
}
