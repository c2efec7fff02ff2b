namespace SignalStreams;

/// <summary>Who says how long the platform waits for the end of a process.</summary>
public enum StopBudgetSource
{
    /// <summary>Nobody: the platform waits as long as it takes, or does not tell.</summary>
    Unknown = 0,

    /// <summary>The environment variable SIGNALSTREAMS_STOP_BUDGET.</summary>
    EnvironmentVariable,

    /// <summary>TimeoutStopSec of the systemd unit (systemd.service(5)), or systemd's default of 90 s.</summary>
    Systemd,

    /// <summary>Kubernetes' default, 30 s (terminationGracePeriodSeconds), which a pod can change without telling the process.</summary>
    KubernetesDefault,

    /// <summary>The default of Docker and Podman, 10 s, which <c>--stop-timeout</c> can change without telling the process.</summary>
    ContainerDefault,

    /// <summary>The registry values HungAppTimeout and WaitToKillAppTimeout, or Windows' defaults of 5 s.</summary>
    Windows,
}
