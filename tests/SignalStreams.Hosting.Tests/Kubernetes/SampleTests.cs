using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace SignalStreams.Hosting.Tests;

/// <summary>The numbers in the sample's manifest and unit fit together.</summary>
public sealed class SampleTests
{
    private static readonly string Folder = Path.Combine(
        typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!, "docs/examples/service");

    [Fact]
    public void The_pod_has_time_for_preStop_and_drain_and_stop()
    {
        var yaml = new YamlStream();
        using (var file = File.OpenText(Path.Combine(Folder, "deployment.yaml")))
        {
            yaml.Load(file);
        }

        var pod = At(yaml.Documents[0].RootNode, "spec", "template", "spec");
        var container = At(pod, "containers")[0];
        var environment = ((YamlSequenceNode)At(container, "env")).ToDictionary(node => Text(node, "name"), node => Text(node, "value"));
        var grace = Seconds(pod, "terminationGracePeriodSeconds");
        var preStop = Seconds(container, "lifecycle", "preStop", "sleep", "seconds");
        var budget = TimeSpan.FromSeconds(double.Parse(environment["SIGNALSTREAMS_STOP_BUDGET"], CultureInfo.InvariantCulture));
        var stop = new HostStopTime(Time(environment["Shutdown__DrainDelay"]), Time(environment["Shutdown__Timeout"]), TimeSpan.Zero);

        Assert.Equal(grace - preStop, budget);
        Assert.Null(StopBudgetCheck.Problem(stop, new StopBudget(budget, StopBudgetSource.EnvironmentVariable), isSystemdTold: false));
        Assert.True(stop.Total < budget, "Nothing is left for the end of the process.");

        // Whoever looks at the probe sees the pod unready before it closes anything.
        Assert.True(Seconds(container, "readinessProbe", "periodSeconds") * Seconds(container, "readinessProbe", "failureThreshold").TotalSeconds < stop.DrainDelay);
        Assert.NotEqual(Text(container, "readinessProbe", "httpGet", "path"), Text(container, "livenessProbe", "httpGet", "path"));
    }

    [Fact]
    public void The_unit_has_time_for_drain_and_stop()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "service.service")).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2 && parts[0][0] != '#').ToLookup(parts => parts[0], parts => parts[1]);
        var environment = lines["Environment"].Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        var budget = TimeSpan.FromSeconds(double.Parse(lines["TimeoutStopSec"].Single(), CultureInfo.InvariantCulture));
        var stop = new HostStopTime(Time(environment["Shutdown__DrainDelay"]), Time(environment["Shutdown__Timeout"]), TimeSpan.Zero);
        Assert.Null(StopBudgetCheck.Problem(stop, new StopBudget(budget, StopBudgetSource.Systemd), isSystemdTold: false));
        Assert.True(stop.Total < budget, "Nothing is left for the end of the process.");
        Assert.Equal("notify-reload", lines["Type"].Single());
    }

    [Fact]
    public async Task The_unit_is_one_that_systemd_understands()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/systemd-analyze"), "There is no systemd-analyze on this machine.");
        var version = int.Parse((await RunAsync("--version")).Output.Split(' ')[1], CultureInfo.InvariantCulture);
        using var folder = new UnitFolder();

        // What it runs is not installed here, and what came later than this systemd it does not know.
        var unit = (await File.ReadAllTextAsync(Path.Combine(Folder, "service.service"))).Replace("/opt/service/service", "/bin/true", StringComparison.Ordinal);
        folder.Write("service.service", version >= 253 ? unit : unit.Replace("Type=notify-reload", "Type=notify", StringComparison.Ordinal));
        var (status, output) = await RunAsync("verify", "--man=no", folder["service.service"]);
        Assert.Equal((0, ""), (status, string.Join('\n', output.Split('\n').Where(line => line.Contains(folder.Path, StringComparison.Ordinal) || line.Contains("service.service", StringComparison.Ordinal)))));
    }

    private static async Task<(int Status, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output + await error);
    }

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(YamlNode node, params string[] path) => TimeSpan.FromSeconds(double.Parse(Text(node, path), CultureInfo.InvariantCulture));

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (inner, key) => inner[key]);
}
