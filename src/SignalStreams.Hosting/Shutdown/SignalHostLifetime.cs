using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SignalStreams;

/// <summary>Stops the host at a signal: the first asks, the second hurries, the third ends the process.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The container makes it.")]
internal sealed partial class SignalHostLifetime : IHostLifetime, IJoinedHost, IDisposable
{
    private readonly SignalHub _hub;
    private readonly HostShutdown _shutdown;
    private readonly SignalStreamsOptions _options;
    private readonly HostOptions _hostOptions;
    private readonly ConsoleLifetimeOptions _consoleOptions;
    private readonly IHostApplicationLifetime _application;
    private readonly IHostEnvironment _environment;
    private readonly ILogger _logger;
    private readonly ContainedLogger _ownLogger;
    private readonly IServiceProvider _services;
    private readonly StopSignals _signals;
    private readonly HostListener _listener;
    private readonly ShutdownReporter _reporter;
    private readonly ClockGate _gate;
    private readonly List<IDisposable> _registrations = [];
    private bool _isOpen;

    public SignalHostLifetime(
        SignalHub hub,
        HostShutdown shutdown,
        IOptions<SignalStreamsOptions> options,
        IOptions<HostOptions> hostOptions,
        IOptions<ConsoleLifetimeOptions> consoleOptions,
        IHostApplicationLifetime application,
        IHostEnvironment environment,
        ILoggerFactory loggers,
        IServiceProvider services)
    {
        _hub = hub;
        _shutdown = shutdown;
        _options = options.Value;
        _hostOptions = hostOptions.Value;
        _consoleOptions = consoleOptions.Value;
        _application = application;
        _environment = environment;
        _logger = new ContainedLogger(loggers.CreateLogger(LifetimeLog.Category));
        _ownLogger = new ContainedLogger(loggers.CreateLogger(LifetimeLog.OwnCategory));
        _services = services;
        _signals = new StopSignals(_options);
        _listener = new HostListener(hub.Router, this);
        _reporter = new ShutdownReporter(shutdown, _options.Timeline, _hostOptions, _ownLogger);
        _gate = new ClockGate(shutdown.Time);
    }

    public TimeSpan StopLimit => HostStopTime.Of(_options, _hostOptions, manager: null).Total + Margin ?? Timeout.InfiniteTimeSpan;

    public ExitStatusPolicy ExitStatus => _options.ExitStatus;

    /// <summary>Begins to listen. What the host starts with does not wait for anything.</summary>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                return Task.CompletedTask;
            }

            _isOpen = true;
        }

        try
        {
            Open();
            Attach();
        }
        catch
        {
            Release();
            throw;
        }

        return Task.CompletedTask;
    }

    /// <summary>The host's last step.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Stopped(cancellationToken.IsCancellationRequested);
        return Task.CompletedTask;
    }

    /// <summary>Gives back what it has claimed.</summary>
    public void Release()
    {
        List<IDisposable> registrations;
        lock (_gate)
        {
            if (!_isOpen)
            {
                return;
            }

            _isOpen = false;
            registrations = [.. _registrations];
            _registrations.Clear();
        }

        _listener.Close();
        _hub.Router.Hosts.Leave(this);
        _hub.Router.Exit.Exiting -= OnExiting;
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }
    }

    public void Dispose()
    {
        bool isHostDisposing;
        lock (_gate)
        {
            isHostDisposing = _isDisposing;
        }

        // What the container disposes of after this one, loggers and their exporters above all, is part of the stop as well: the host releases it at the end of all.
        if (!isHostDisposing)
        {
            Release();
        }
    }

    /// <summary>The host has started. Callbacks run in the reverse order, and by now everybody has registered who does so with the start: this one comes before theirs.</summary>
    public void AllStarted()
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                // The host has another lifetime.
                return;
            }
        }

        Register(BeginWithoutDrain, _application.ApplicationStopping);
    }

    private void Open()
    {
        if (!_consoleOptions.SuppressStatusMessages)
        {
            Register(OnStarted, _application.ApplicationStarted);
        }

        Register(OnStopping, _application.ApplicationStopping);
        _hub.Router.Hosts.Join(this);
        _hub.Router.Exit.Exiting += OnExiting;
        if (_hub.PeekShutdownManager is { State: ShutdownState.Stopping, Reason: { } reason })
        {
            // It has told all others before.
            StopBecauseOf(reason);
        }

        foreach (var action in _options.Actions)
        {
            Begin(action);
        }

        _listener.Open(_signals.All);
    }

    // The host makes its services next, in any case.
    private void Attach()
    {
        IHostedService[] services = [.. _services.GetServices<IHostedService>()];
        foreach (var service in services)
        {
            if (((service as LimitedService)?.Inner ?? service) is GracefulBackgroundService graceful)
            {
                graceful.Attach(_shutdown);
            }
        }

        _reporter.Observe(services);
    }

    // Not before all services have started: the code may need them.
    private void Begin(SignalAction action)
    {
#pragma warning disable CA2000 // Disposed of with the other registrations.
        var loop = new SignalActionLoop(_hub, action, _services, _shutdown.Time, _ownLogger);
#pragma warning restore CA2000
        Add(loop);
        Register(() => _ = Task.Run(() => loop.RunAsync(_application.ApplicationStopping), CancellationToken.None), _application.ApplicationStarted);
    }

    private void Register(Action callback, CancellationToken token)
    {
        Add(token.UnsafeRegister(static callback => ((Action)callback!)(), callback));
    }

    private void Add(IDisposable registration)
    {
        lock (_gate)
        {
            _registrations.Add(registration);
        }
    }

    private void OnStarted()
    {
        _logger.Started();
        _logger.Environment(_environment.EnvironmentName);
        _logger.ContentRoot(_environment.ContentRootPath);
    }

    // However the stop began: by us, by StopApplication, by a token.
    private void OnStopping()
    {
        BeginWithoutDrain();
        _reporter.Stopping();
        if (!_consoleOptions.SuppressStatusMessages)
        {
            _logger.ShuttingDown();
        }
    }

    private void Advance(HostShutdownPhase phase)
    {
        _shutdown.Advance(phase);
        _reporter.Entered(phase);
        _gate.Changed();
        _hub.Router.Progressed();
    }
}
