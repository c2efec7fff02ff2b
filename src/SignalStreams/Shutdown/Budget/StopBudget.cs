using System.Globalization;

namespace SignalStreams;

/// <summary>How long the platform will wait between asking a process to end and ending it by force.</summary>
/// <remarks>The defaults of <see cref="ShutdownOptions"/> keep within it. Kubernetes and Docker do not tell a process what they were told: set
/// <c>SIGNALSTREAMS_STOP_BUDGET</c> to their seconds, beside <c>terminationGracePeriodSeconds</c> or <c>--stop-timeout</c>.</remarks>
/// <param name="Time">How long; null for unknown or without limit.</param>
/// <param name="Source">Who says so.</param>
public sealed record StopBudget(TimeSpan? Time, StopBudgetSource Source)
{
    /// <summary>The environment variable that says it: seconds, such as "30" or "9.5"; "infinity" for no limit.</summary>
    public const string EnvironmentVariable = "SIGNALSTREAMS_STOP_BUDGET";

    private static readonly Lazy<StopBudget> Found = new(() => new StopBudgetProbe("/", Environment.GetEnvironmentVariable).Find(), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>This process's; looked up once.</summary>
    /// <exception cref="FormatException">SIGNALSTREAMS_STOP_BUDGET holds no number of seconds; the message says what it holds.</exception>
    public static StopBudget Current => Found.Value;

    /// <summary>What of it there is to use: on Windows the system is let go a moment before.</summary>
    internal TimeSpan? Usable => Source == StopBudgetSource.Windows ? Time - WindowsStopTimeout.Margin : Time;

    /// <summary>"30 s (KubernetesDefault)" and the like.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Time is { } time ? $"{time.TotalSeconds:0.###} s" : "no limit known")} ({Source})");
}
