using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SignalStreams;

/// <summary>Warns at start when the stop of the host may take longer than the platform waits before it kills.</summary>
internal sealed partial class StopBudgetCheck : IHostedLifecycleService
{
    private readonly SignalHub _hub;
    private readonly SystemdNotifier _systemd;
    private readonly SignalStreamsOptions _options;
    private readonly HostOptions _host;
    private readonly ILogger _logger;

    public StopBudgetCheck(SignalHub hub, SystemdNotifier systemd, IOptions<SignalStreamsOptions> options, IOptions<HostOptions> host, ILogger<StopBudget> logger)
    {
        _hub = hub;
        _systemd = systemd;
        _options = options.Value;
        _host = host.Value;
        _logger = logger;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>Once all services run: what they have registered for the end counts too.</remarks>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!_options.CheckBudget)
        {
            return Task.CompletedTask;
        }

        var manager = _hub.ShutdownManager;
        if (Problem(HostStopTime.Of(_options, _host, manager), manager.Budget, _systemd.IsEnabled) is { } problem)
        {
            LogProblem(problem);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What does not fit, and what to do about it; null when all fits.</summary>
    /// <param name="stop">How long the stop may take.</param>
    /// <param name="budget">How long the platform waits.</param>
    /// <param name="isSystemdTold">Whether systemd is asked for more time as long as there is work.</param>
    internal static string? Problem(HostStopTime stop, StopBudget budget, bool isSystemdTold)
    {
        if (budget.Time is not { } time || stop.Total <= time || (budget.Source == StopBudgetSource.Systemd && isSystemdTold && stop.Total is not null))
        {
            return null;
        }

        // In whole seconds, as all platforms want it.
        var enough = stop.Total is { } total ? Invariant($"{Math.Ceiling(total.TotalSeconds)}") : null;
        var parts = Invariant($"drain delay {Text(stop.DrainDelay)}, HostOptions.ShutdownTimeout {(stop.ShutdownTimeout is { } timeout ? Text(timeout) : "without limit")}{(stop.ExitHandlers > TimeSpan.Zero ? $", exit handlers {Text(stop.ExitHandlers)}" : "")}");
        var problem = stop.Total is { } known ? $"A stop of this host may take {Text(known)} ({parts})" : $"A stop of this host may take any time ({parts})";
        var rest = time - stop.DrainDelay - stop.ExitHandlers;
        var lower = rest > TimeSpan.Zero ? $"a HostOptions.ShutdownTimeout of {Text(rest)}" : "a shorter drain delay";
        var remedy = (budget.Source, enough) switch
        {
            (_, null) => $"Set {lower}, and what has not stopped by then is named in the log and not cut off by a kill.",
            (StopBudgetSource.Systemd, _) => $"TimeoutStopSec={enough} in the unit would do, or {lower}, or Type=notify, with which systemd is asked for more time as long as there is work.",
            (StopBudgetSource.KubernetesDefault, _) => $"terminationGracePeriodSeconds: {enough} would do (and what a preStop hook takes on top of it), together with {StopBudget.EnvironmentVariable}={enough} in the environment of the container, since a pod is not told of it; or {lower}.",
            (StopBudgetSource.ContainerDefault, _) => $"--stop-timeout {enough} (stop_grace_period: {enough}s in a compose file) would do, together with --env {StopBudget.EnvironmentVariable}={enough}, since a container is not told of it; or {lower}.",
            (StopBudgetSource.EnvironmentVariable, _) => $"terminationGracePeriodSeconds: {enough} (and what a preStop hook takes on top of it), --stop-timeout {enough} or TimeoutStopSec={enough} would do, together with {StopBudget.EnvironmentVariable}={enough}; or {lower}.",
            (StopBudgetSource.Windows, _) => $"Set {lower}.",
            _ => $"Set {lower}.",
        };
        return $"{problem}, and {Who(budget.Source)} kills the process {Text(time)} after it has asked. {remedy}";
    }

    private static string Who(StopBudgetSource source) => source switch
    {
        StopBudgetSource.Systemd => "systemd",
        StopBudgetSource.KubernetesDefault => "Kubernetes, by default,",
        StopBudgetSource.ContainerDefault => "the container's runtime, by default,",
        StopBudgetSource.Windows => "Windows",
        _ => $"the platform, by {StopBudget.EnvironmentVariable},",
    };

    private static string Text(TimeSpan time) => Invariant($"{time.TotalSeconds:0.###} s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} (SignalStreamsOptions.CheckBudget = false turns this warning off.)")]
    private partial void LogProblem(string problem);
}
