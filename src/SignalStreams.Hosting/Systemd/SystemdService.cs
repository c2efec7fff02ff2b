using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SignalStreams;

/// <summary>Tells systemd each step of the host: started, reloading, draining, stopping.</summary>
/// <remarks>Without a socket nothing is begun: no timer, no thread, no callback.</remarks>
internal sealed partial class SystemdService : IHostedLifecycleService, IReloadObserver, IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly SystemdNotifier _notifier;
    private readonly SystemdEnvironment _environment;
    private readonly HostShutdown _shutdown;
    private readonly SignalHub _hub;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IServiceProvider _services;
    private readonly SignalStreamsOptions _options;
    private readonly HostOptions _host;
    private readonly ILogger _logger;
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private IDrainStatus[] _drains = [];
    private Step _step;
    private bool _isHostDisposing;
    private TimeoutExtension? _extension;
    private SystemdWatchdog? _watchdog;
    private ITimer? _statusTimer;
    private string _status = "";

    public SystemdService(
        SystemdNotifier notifier,
        SystemdEnvironment environment,
        HostShutdown shutdown,
        SignalHub hub,
        IHostApplicationLifetime lifetime,
        IServiceProvider services,
        IOptions<SignalStreamsOptions> options,
        IOptions<HostOptions> host,
        ILogger<SystemdNotifier> logger)
    {
        _notifier = notifier;
        _environment = environment;
        _shutdown = shutdown;
        _hub = hub;
        _lifetime = lifetime;
        _services = services;
        _options = options.Value;
        _host = host.Value;
        _logger = new ContainedLogger(logger);
    }

    private enum Step
    {
        Silent = 0,
        Starting,
        Running,
        Stopping,
        Stopped,
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!_notifier.IsEnabled)
        {
            return Task.CompletedTask;
        }

        if (!_environment.TrySpeak())
        {
            LogSecondHost();
            return Task.CompletedTask;
        }

        _drains = [.. _services.GetServices<IDrainStatus>()];
        lock (_gate)
        {
            _step = Step.Starting;

            // Where the host would wait for ever, a start that hangs would never be noticed: the time of the unit counts.
            if (_host.StartupTimeout != Timeout.InfiniteTimeSpan)
            {
                _extension = new TimeoutExtension(_notifier, _shutdown.Time, _host.StartupTimeout);
            }
        }

        // Called last, so that what the program does then is done when systemd hears of it: callbacks run in the reverse order.
        _registrations.Add(_lifetime.ApplicationStarted.Register(OnStarted));
        _registrations.Add(_lifetime.ApplicationStopping.Register(OnStopping));
        _registrations.Add(_lifetime.ApplicationStopped.Register(OnStopped));

        // Not by its token, where a callback of the program's that hangs would come first.
        _shutdown.Beginning += _ => OnStopping();
        if (_shutdown.Phase != HostShutdownPhase.Running)
        {
            OnStopping();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Reloading()
    {
        lock (_gate)
        {
            if (_step == Step.Running)
            {
                // The runtime's timestamp on Linux is CLOCK_MONOTONIC in nanoseconds (SystemNative_GetTimestamp in its sources). systemd compares it with its own, so it is not
                // the clock of a test.
                var now = TimeProvider.System.GetTimestamp() / 1000;
                _notifier.Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}\nSTATUS=reloading"));
            }
        }
    }

    public void Reloaded(string? problem)
    {
        lock (_gate)
        {
            if (_step == Step.Running)
            {
                _notifier.Send($"READY=1\nSTATUS={(problem is null ? _notifier.Status : SystemdNotifier.OneLine($"reload refused: {problem}"))}");
            }
        }
    }

    /// <summary>The host is being disposed of. That may take its time, and whatever of it comes after our turn: systemd is asked for more until <see cref="Close"/>.</summary>
    public void HostDisposing()
    {
        SystemdWatchdog? watchdog = null;
        lock (_gate)
        {
            _isHostDisposing = true;
            if (_step is Step.Running)
            {
                // It would ask for the health of a program that is gone.
                watchdog = _watchdog;
                _watchdog = null;
            }
        }

        watchdog?.Dispose();
    }

    public void Dispose()
    {
        bool isHostDisposing;
        lock (_gate)
        {
            isHostDisposing = _isHostDisposing;
        }

        if (!isHostDisposing)
        {
            Close();
        }
    }

    /// <summary>The last word.</summary>
    public void Close()
    {
        Step before;
        lock (_gate)
        {
            before = _step;
            _step = Step.Silent;
            if (before is Step.Starting)
            {
                _notifier.Send("STATUS=the host did not start");
            }

            // They run when the main function has returned, and nobody speaks for them then.
            if (before is Step.Stopping or Step.Stopped && _extension is not null && HostStopTime.Of(_options, _host, _hub.PeekShutdownManager).ExitHandlers is { Ticks: > 0 } handlers)
            {
                TimeoutExtension.Ask(_notifier, handlers);
            }
        }

        if (before == Step.Silent)
        {
            return;
        }

        foreach (var registration in _registrations)
        {
            registration.Unregister();
        }

        _watchdog?.Dispose();
        _statusTimer?.Dispose();
        _extension?.Dispose();
        _notifier.Close();
        _environment.FallSilent();
    }

    private void OnStarted()
    {
        var health = _environment.Watchdog is null ? null : _services.GetService<HealthCheckService>();
        SystemdWatchdog? watchdog = null;
        lock (_gate)
        {
            // Somebody may have asked for the end while it started.
            if (_step == Step.Starting)
            {
                _step = Step.Running;
                _extension?.Dispose();
                _extension = null;
                _notifier.Send(_environment.MainProcess is { } process ? string.Create(CultureInfo.InvariantCulture, $"READY=1\nMAINPID={process}") : "READY=1");
            }

            if (_step is Step.Running or Step.Stopping && _environment.Watchdog is { } limit)
            {
                _watchdog = watchdog = new SystemdWatchdog(_notifier, limit, health, _options.WatchdogChecks, _shutdown, _logger);
            }
        }

        watchdog?.Start();
    }

    private void OnStopping()
    {
        var phase = _shutdown.Phase;
        var status = StatusOf(phase);
        lock (_gate)
        {
            if (_step == Step.Stopping)
            {
                // The drain is over.
                SendStatus(status, phase);
            }

            if (_step is not (Step.Starting or Step.Running))
            {
                return;
            }

            _step = Step.Stopping;
            _status = status;
            _notifier.Send($"STOPPING=1\nSTATUS={status}");
            _extension?.Dispose();
            _extension = HostStopTime.Of(_options, _host, _hub.PeekShutdownManager).Total is { } limit ? new TimeoutExtension(_notifier, _shutdown.Time, limit) : null;
            _statusTimer = _shutdown.Time.CreateTimer(static self => ((SystemdService)self!).OnStatusTimer(), this, StatusInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnStatusTimer()
    {
        var phase = _shutdown.Phase;
        var status = StatusOf(phase);
        lock (_gate)
        {
            if (_step == Step.Stopping)
            {
                SendStatus(status, phase);

                _statusTimer!.Change(StatusInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void OnStopped()
    {
        lock (_gate)
        {
            if (_step == Step.Stopping)
            {
                _step = Step.Stopped;
                SendStatus("stopped");
            }
        }
    }

    // Under the gate. The status was found out before, and the phase may be over by now: whoever ends it says so.
    private void SendStatus(string status, HostShutdownPhase phase)
    {
        if (phase == _shutdown.Phase)
        {
            SendStatus(status);
        }
    }

    private void SendStatus(string status)
    {
        if (_status != status)
        {
            _status = status;
            _notifier.Send($"STATUS={status}");
        }
    }

    // Not under the gate: what is left is the user's to say, or at least another part's.
    private string StatusOf(HostShutdownPhase phase)
    {
        var left = string.Join(", ", _drains.Select(drain => drain.Status).OfType<string>());
        var verb = phase is HostShutdownPhase.Draining && (left.Length > 0 || _options.DrainDelay != TimeSpan.Zero) ? "draining" : "stopping";
        return left.Length == 0 ? verb : SystemdNotifier.OneLine($"{verb}: {left}");
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Another host of this process tells systemd how far it is. This one does not.")]
    private partial void LogSecondHost();
}
