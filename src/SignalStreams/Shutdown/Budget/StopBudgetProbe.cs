using System.Globalization;

namespace SignalStreams;

/// <summary>Looks for who would say how long the platform waits.</summary>
/// <param name="root">Where the files of the system are; "/" but for tests.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class StopBudgetProbe(string root, Func<string, string?> variable)
{
    private static readonly TimeSpan Kubernetes = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Container = TimeSpan.FromSeconds(10);

    public StopBudget Find()
    {
        if (variable(StopBudget.EnvironmentVariable) is { Length: > 0 } text)
        {
            return new StopBudget(Parse(text.Trim()), StopBudgetSource.EnvironmentVariable);
        }

        if (OperatingSystem.IsWindows())
        {
            return new StopBudget(WindowsStopTimeout.Shortest, StopBudgetSource.Windows);
        }

        // Before systemd: a node's own systemd is not the one that stops a pod.
        if (variable("KUBERNETES_SERVICE_HOST") is { Length: > 0 })
        {
            return new StopBudget(Kubernetes, StopBudgetSource.KubernetesDefault);
        }

        // systemd.exec(5): set for every process of a unit.
        if (variable("INVOCATION_ID") is { Length: > 0 } && new SystemdStopTimeout(root).Find(out var timeout))
        {
            return new StopBudget(timeout, StopBudgetSource.Systemd);
        }

        return variable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1" || File.Exists(Path.Combine(root, ".dockerenv")) || File.Exists(Path.Combine(root, "run/.containerenv"))
            ? new StopBudget(Container, StopBudgetSource.ContainerDefault)
            : new StopBudget(null, StopBudgetSource.Unknown);
    }

    private static TimeSpan? Parse(string text) =>
        text.Equals("infinity", StringComparison.OrdinalIgnoreCase) ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException($"{StopBudget.EnvironmentVariable} is \"{text}\". Set it to a number of seconds greater than zero, such as 30 or 9.5, or to infinity.");
}
