using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalStreams;

/// <summary>How signals stop and reload a host.</summary>
public sealed class SignalStreamsOptions
{
    /// <summary>The signals that ask the host to stop.</summary>
    /// <value>Default null: SIGINT, SIGQUIT and SIGTERM, as the host's own console lifetime has it, SIGHUP where <see cref="ReloadOnHangup"/> is off, and on Windows close, logoff and shutdown.</value>
    public IEnumerable<ShutdownSignal>? Signals { get; set; }

    /// <summary>The hub that the signals come from: one of a test, for example.</summary>
    /// <value>Default null: the process's, or that which a test has installed in the flow that builds the host.</value>
    public SignalHub? Hub { get; set; }

    /// <summary>How long the host goes on serving after a signal, unready, so that a load balancer can look away before anything is closed.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/> for until a second signal; default zero. It comes before <c>HostOptions.ShutdownTimeout</c> and is not part of it. A second signal ends it. It is left out where
    /// nobody sent a signal: when the program itself stops the host.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than zero, and not infinite.</exception>
    public TimeSpan DrainDelay
    {
        get;
        set => field = Limits.NotNegative(value, nameof(DrainDelay)) ?? TimeSpan.Zero;
    }

    /// <summary>What the parent sees after a signal, where the main function has not returned a code of its own.</summary>
    /// <value>Default the exit code 0, as the host's own lifetime has it.</value>
    public ExitStatusPolicy ExitStatus { get; set; } = ExitStatusPolicy.Code(0);

    /// <summary>Whether SIGHUP reloads the configuration (<see cref="IConfigurationRoot.Reload"/>), and with it all <c>IOptionsMonitor</c>.</summary>
    /// <value>Default true. A hang-up that comes because the terminal is gone stops the host, where the origin of a signal is known, and so does the closing of the console on Windows.</value>
    public bool ReloadOnHangup { get; set; } = true;

    /// <summary>When the timeline of the stop is logged.</summary>
    /// <value>Default <see cref="TimelineOutput.WhenLimitPassed"/>, as a warning that names who did not stop in time.</value>
    public TimelineOutput Timeline { get; set; } = TimelineOutput.WhenLimitPassed;

    /// <summary>Whether systemd is told of each step, where it has started the process and wants to know (<c>Type=notify</c>, <c>Type=notify-reload</c>, <c>WatchdogSec=</c>).</summary>
    /// <value>Default true. Without a socket in NOTIFY_SOCKET nothing happens.</value>
    public bool NotifySystemd { get; set; } = true;

    /// <summary>Whether NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID stay in the environment of the process: for children that speak to systemd themselves
    /// (<c>NotifyAccess=all</c>), or another library that does.</summary>
    /// <value>Default false: they are taken out of it when the host starts, so that no child is taken for the service. No matter where <see cref="NotifySystemd"/> is off.</value>
    public bool KeepSystemdEnvironment { get; set; }

    /// <summary>Which health checks the systemd watchdog is tied to: one of them that is unhealthy, or does not answer, withholds the ping, and systemd starts the service anew
    /// once WatchdogSec has passed.</summary>
    /// <value>Default all but those with the tag "ready": a database that is away makes a service unready, and starting the service anew does not bring it back.</value>
    public Func<HealthCheckRegistration, bool> WatchdogChecks { get; set; } = static check => !check.Tags.Contains("ready");

    /// <summary>Whether the start warns when drain delay and shutdown timeout together are longer than the platform waits before it kills (<see cref="StopBudget.Current"/>).</summary>
    /// <value>Default true.</value>
    public bool CheckBudget { get; set; } = true;

    internal List<SignalAction> Actions { get; } = [];

    internal List<Func<IServiceProvider, IConfiguration, IEnumerable<string>>> ReloadChecks { get; } = [];

    /// <summary>Runs code at a signal that is not to stop the host, while the host runs.</summary>
    /// <remarks>One call at a time for each registration; signals that come meanwhile are kept. What the code throws is logged. It gets the host's services, and a token that is
    /// cancelled when the host stops.</remarks>
    /// <param name="signal">Any signal that can be listened to and is not among <see cref="Signals"/>.</param>
    /// <param name="action">The code.</param>
    /// <returns>These options.</returns>
    public SignalStreamsOptions On(ShutdownSignal signal, Func<IServiceProvider, CancellationToken, Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Actions.Add(new SignalAction(SignalDoor.Check([signal], nameof(signal))[0], action));
        return this;
    }

    /// <summary>Looks at a new configuration before it replaces the old one. If anybody objects, the old values stay and the log says why.</summary>
    /// <param name="check">Returns what is wrong, one sentence each; none if nothing is. What it throws is an objection too.</param>
    /// <returns>These options.</returns>
    public SignalStreamsOptions ValidateReload(Func<IServiceProvider, IConfiguration, IEnumerable<string>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        ReloadChecks.Add(check);
        return this;
    }

    /// <summary>Validates options as they would be after a reload, with all <c>IValidateOptions</c> of the container (<c>Validate</c>, <c>ValidateDataAnnotations</c>), before the new
    /// configuration replaces the old one.</summary>
    /// <typeparam name="TOptions">The options. Their unnamed instance is validated.</typeparam>
    /// <param name="section">The section that they are bound to, such as "Limits"; "" for the whole configuration.</param>
    /// <returns>These options.</returns>
    [RequiresUnreferencedCode("The options are bound by reflection. Use the overload that takes the binding: its call can be replaced by the binder's source generator.")]
    [RequiresDynamicCode("The options are bound by reflection. Use the overload that takes the binding: its call can be replaced by the binder's source generator.")]
    public SignalStreamsOptions ValidateReload<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TOptions>(string section)
        where TOptions : class, new() =>
        ValidateReload<TOptions>(section, static (options, values) => values.Bind(options));

    /// <inheritdoc cref="ValidateReload{TOptions}(string)"/>
    /// <param name="section">The section that they are bound to, such as "Limits"; "" for the whole configuration.</param>
    /// <param name="bind">Binds them, by <c>(options, section) => section.Bind(options)</c>: safe to trim with the source generator (EnableConfigurationBindingGenerator).</param>
    public SignalStreamsOptions ValidateReload<TOptions>(string section, Action<TOptions, IConfiguration> bind)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(bind);
        return ValidateReload((services, candidate) => OptionsCheck.Run(services, candidate, section, bind));
    }
}
