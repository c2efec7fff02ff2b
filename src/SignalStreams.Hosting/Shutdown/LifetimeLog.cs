using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>What the lifetime says in the log.</summary>
internal static partial class LifetimeLog
{
    /// <summary>The category under which the framework's lifetime speaks: it is switched on where others are not.</summary>
    public const string Category = "Microsoft.Hosting.Lifetime";

    /// <summary>The category of what is not about the life of the host.</summary>
    public const string OwnCategory = "SignalStreams.Hosting";

    [LoggerMessage(1, LogLevel.Information, "Application started. Press Ctrl+C to shut down.")]
    public static partial void Started(this ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "Hosting environment: {EnvName}")]
    public static partial void Environment(this ILogger logger, string envName);

    [LoggerMessage(3, LogLevel.Information, "Content root path: {ContentRoot}")]
    public static partial void ContentRoot(this ILogger logger, string contentRoot);

    [LoggerMessage(4, LogLevel.Information, "Application is shutting down...")]
    public static partial void ShuttingDown(this ILogger logger);

    [LoggerMessage(10, LogLevel.Information, "{Signal}: stopping")]
    public static partial void Stopping(this ILogger logger, string signal);

    [LoggerMessage(11, LogLevel.Information, "{Signal}: stopping; draining for {DrainDelay}")]
    public static partial void Draining(this ILogger logger, string signal, string drainDelay);

    [LoggerMessage(12, LogLevel.Warning, "{Signal}: asked again; what still drains or stops is cut short, and one more ends the process")]
    public static partial void Hurrying(this ILogger logger, string signal);

    [LoggerMessage(13, LogLevel.Information, "{Signal}: the host is stopping already, because of {Reason}")]
    public static partial void StoppingAlready(this ILogger logger, string signal, string reason);

    [LoggerMessage(15, LogLevel.Error, "The stop of the host failed")]
    public static partial void StopFailed(this ILogger logger, Exception exception);

    [LoggerMessage(16, LogLevel.Warning,
        "Somebody called Environment.Exit, or the main function returned, while the host was {Phase}, because of {Reason}; the exit waits for the end of that, for {Limit} at most{Suspects}")]
    public static partial void ExitHeld(this ILogger logger, string phase, string reason, string limit, string suspects);

    [LoggerMessage(17, LogLevel.Error, "The host had not stopped after {Limit}: the exit that somebody asked for goes on without it")]
    public static partial void ExitReleased(this ILogger logger, string limit);

    [LoggerMessage(21, LogLevel.Error,
        "The services of the host had not been disposed of after {Limit}: the exit that somebody asked for goes on without them, and what exporters and loggers have not written yet may be lost")]
    public static partial void DisposalNotAwaited(this ILogger logger, string limit);

    [LoggerMessage(19, LogLevel.Warning, "The stop was cut short: not all services had stopped by themselves")]
    public static partial void CutShort(this ILogger logger);

    [LoggerMessage(18, LogLevel.Warning,
        "Signals do not stop or reload this host as UseSignalStreams would have it: {Lifetime} was registered as its lifetime after UseSignalStreams. Call UseSignalStreams after what registers it, or leave one of the two out")]
    public static partial void NotTheLifetime(this ILogger logger, string lifetime);

    [LoggerMessage(22, LogLevel.Debug, "Signals do not reach this host: it has a test server, and {Lifetime} for its lifetime, which leaves its stop to the test")]
    public static partial void TestServerLifetime(this ILogger logger, string lifetime);

    [LoggerMessage(20, LogLevel.Error, "What is to be done at {Signal} failed")]
    public static partial void ActionFailed(this ILogger logger, string signal, Exception exception);

    [LoggerMessage(24, LogLevel.Warning, "What is to be done at {Signal} has not ended after {Elapsed}: until it has, that signal does nothing more")]
    public static partial void ActionTakesLong(this ILogger logger, string signal, string elapsed);

    [LoggerMessage(23, LogLevel.Critical, "Signals cannot be received any more: nothing is done at {Signal} from now on")]
    public static partial void ActionsEnded(this ILogger logger, string signal, Exception exception);

    [LoggerMessage(30, LogLevel.Information, "{Signal}: the configuration was reloaded")]
    public static partial void Reloaded(this ILogger logger, string signal);

    [LoggerMessage(31, LogLevel.Error, "{Signal}: the configuration was not reloaded, the old values stay: {Objections}")]
    public static partial void NotReloaded(this ILogger logger, string signal, string objections);

    [LoggerMessage(32, LogLevel.Error, "{Signal}: the configuration could not be reloaded to the end")]
    public static partial void ReloadFailed(this ILogger logger, string signal, Exception exception);

    [LoggerMessage(34, LogLevel.Warning,
        "{Signal}: the configuration is still being reloaded after {Elapsed}, waiting for {Step}. SIGHUPs that wait for it, and will together be one reload: {Waiting}")]
    public static partial void ReloadTakesLong(this ILogger logger, string signal, string elapsed, string step, int waiting);

    [LoggerMessage(33, LogLevel.Warning, "There is nothing to reload at SIGHUP: the host's IConfiguration is no IConfigurationRoot")]
    public static partial void NothingToReload(this ILogger logger);
}
