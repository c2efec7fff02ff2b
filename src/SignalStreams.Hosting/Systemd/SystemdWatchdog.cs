using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Tells systemd in time that the service lives (WatchdogSec, WATCHDOG=1), for as long as its health checks say so.</summary>
internal sealed partial class SystemdWatchdog : IDisposable
{
    private readonly SystemdNotifier _notifier;
    private readonly HealthCheckService? _health;
    private readonly Func<HealthCheckRegistration, bool> _isCounted;
    private readonly HostShutdown _shutdown;
    private readonly ILogger _logger;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _disposed = new();
    private int _isChecking;
    private bool _isWithheld;

    /// <param name="notifier">Whom to tell.</param>
    /// <param name="limit">How long systemd waits for the next sign of life.</param>
    /// <param name="health">The checks; null where the program has none.</param>
    /// <param name="isCounted">Which checks say whether the service has to be started anew.</param>
    /// <param name="shutdown">A host that stops is not asked for its health: it is unready by intent, and its stop has limits of its own.</param>
    /// <param name="logger">Gets why systemd was not told.</param>
    public SystemdWatchdog(SystemdNotifier notifier, TimeSpan limit, HealthCheckService? health, Func<HealthCheckRegistration, bool> isCounted, HostShutdown shutdown, ILogger logger)
    {
        _notifier = notifier;
        _limit = limit;
        _health = health;
        _isCounted = isCounted;
        _shutdown = shutdown;
        _logger = logger;

        // As sd_watchdog_enabled(3) asks for.
        _interval = limit / 2;
        _timer = shutdown.Time.CreateTimer(static self => ((SystemdWatchdog)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to tell. Not under a lock: the checks are the user's code.</summary>
    public void Start() => Tick();

    public void Dispose()
    {
        _timer.Dispose();
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private void Tick()
    {
        if (_disposed.IsCancellationRequested)
        {
            // A message would open the socket again.
            return;
        }

        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        if (_health is null || _shutdown.Phase != HostShutdownPhase.Running)
        {
            _notifier.Send("WATCHDOG=1");
        }
        else if (Interlocked.Exchange(ref _isChecking, 1) == 0)
        {
            _ = CheckAsync(_health);
        }
        else
        {
            // The answer counts when it comes.
            _isWithheld = true;
            LogHung(_interval.TotalSeconds, _limit.TotalSeconds);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A check is the user's code, and may throw anything: it is not healthy then.")]
    private async Task CheckAsync(HealthCheckService health)
    {
        try
        {
            var report = await health.CheckHealthAsync(_isCounted, _disposed.Token).ConfigureAwait(false);
            if (report.Status == HealthStatus.Unhealthy)
            {
                _isWithheld = true;
                LogUnhealthy(Describe(report), _limit.TotalSeconds);
            }
            else
            {
                _notifier.Send("WATCHDOG=1");
                if (_isWithheld)
                {
                    _isWithheld = false;
                    LogHealthy();
                }
            }
        }
        catch (Exception e)
        {
            if (!_disposed.IsCancellationRequested)
            {
                _isWithheld = true;
                LogFailed(_limit.TotalSeconds, e);
            }
        }
        finally
        {
            Volatile.Write(ref _isChecking, 0);
        }
    }

    private static string Describe(HealthReport report)
    {
        var unhealthy = new List<string>();
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status == HealthStatus.Unhealthy)
            {
                unhealthy.Add((entry.Description ?? entry.Exception?.Message) is { Length: > 0 } why ? string.Create(CultureInfo.InvariantCulture, $"{name} ({why})") : name);
            }
        }

        return string.Join(", ", unhealthy);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The systemd watchdog is not told that the service lives: unhealthy: {Checks}. systemd ends it when {Limit} s have passed since it was told last (WatchdogSec).")]
    private partial void LogUnhealthy(string checks, double limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The systemd watchdog is not told that the service lives: the health checks have not answered for {Elapsed} s. systemd ends it when {Limit} s have passed since it was told last (WatchdogSec). Give checks a timeout where they are registered.")]
    private partial void LogHung(double elapsed, double limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "The systemd watchdog is not told that the service lives: the health checks failed. systemd ends it when {Limit} s have passed since it was told last (WatchdogSec).")]
    private partial void LogFailed(double limit, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The health checks pass again, and the systemd watchdog is told so.")]
    private partial void LogHealthy();
}
