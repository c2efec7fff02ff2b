using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>How long a stop of the host may take at most, by what it was configured to.</summary>
/// <param name="DrainDelay">How long it goes on serving; <see cref="Timeout.InfiniteTimeSpan"/> for until somebody asks again.</param>
/// <param name="ShutdownTimeout">How long its services may take to stop; null for as long as they like.</param>
/// <param name="ExitHandlers">How long the exit handlers may take after that; zero where the program has none.</param>
internal sealed record HostStopTime(TimeSpan DrainDelay, TimeSpan? ShutdownTimeout, TimeSpan ExitHandlers)
{
    /// <summary>All together; null for without limit.</summary>
    public TimeSpan? Total => ShutdownTimeout is { } timeout && DrainDelay != Timeout.InfiniteTimeSpan ? DrainDelay + timeout + ExitHandlers : null;

    public static HostStopTime Of(SignalStreamsOptions options, HostOptions host, ShutdownManager? manager)
    {
        var handlers = manager is { IsArmed: true, Settings: var settings } ? OfHandlers(settings) : TimeSpan.Zero;
        return new HostStopTime(
            options.DrainDelay,
            host.ShutdownTimeout == Timeout.InfiniteTimeSpan || handlers == Timeout.InfiniteTimeSpan ? null : host.ShutdownTimeout,
            handlers == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : handlers);
    }

    // A limit that nobody has set gives way to the platform's budget by itself, as far as one handler needs it.
    private static TimeSpan OfHandlers(ShutdownSettings settings) =>
        settings.CleanUpTime == ShutdownSettings.Defaults(settings.Budget).CleanUpTime ? settings.HandlerLimit(isRequested: true) : settings.CleanUpTime;
}
