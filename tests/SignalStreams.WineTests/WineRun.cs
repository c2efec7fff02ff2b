using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;

namespace SignalStreams.WineTests;

/// <summary>One test assembly under Wine, by the script wine-run, and what it reported.</summary>
internal sealed class WineRun
{
    // What wine-run says if Wine or the runtime for Windows cannot be had.
    public const int CannotRun = 70;

    // What the runner says then (Microsoft.Testing.Platform, "Exit codes").
    private const int TestsFailed = 2;

    // More than what wine-run may take by itself: fifteen minutes for the assembly, and what it has to make before.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    private readonly string _report;

    private WineRun(string report, int exitCode, string output, IReadOnlyList<WineResult> results)
    {
        _report = report;
        ExitCode = exitCode;
        Output = output;
        Results = results;
    }

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Metadata("RepositoryRoot");

    public int ExitCode { get; }

    public string Output { get; }

    public IReadOnlyList<WineResult> Results { get; }

    /// <summary>Runs an assembly; skips the test that asks if there is no Wine.</summary>
    public static async Task<WineRun> StartAsync(string assembly, IEnumerable<string> arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Wine runs the Windows suite on Linux; Windows runs it natively.");
        var folder = Path.Combine(Root, "artifacts", "wine", "results");
        Directory.CreateDirectory(folder);
        var report = Path.Combine(folder, assembly + ".xml");
        File.Delete(report);
        var start = new ProcessStartInfo(Path.Combine(Root, "tests", "SignalStreams.WineTests", "wine-run"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        foreach (var argument in new[] { assembly, "--no-progress", "--report-xunit", "--report-xunit-filename", Path.GetFileName(report), "--results-directory", "Z:" + folder.Replace('/', '\\') }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CONFIGURATION"] = Metadata("Configuration");
        return await RunAsync(start, report);
    }

    /// <summary>Whether the only thing that went wrong is that tests failed.</summary>
    public bool HasRunToItsEnd => ExitCode is 0 or TestsFailed;

    /// <summary>This run, with what another says of some of its tests in the place of what it said itself.</summary>
    public WineRun With(WineRun again, IReadOnlyCollection<string> tests)
    {
        var second = again.Results.Where(r => tests.Contains(r.Name)).ToList();
        IReadOnlyList<WineResult> results = [.. Results.Where(r => !second.Any(s => s.Name == r.Name)), .. second];
        return new(_report, results.Any(r => r.Failed) ? TestsFailed : again.HasRunToItsEnd ? 0 : again.ExitCode, Output + again.Output, results);
    }

    /// <summary>Leaves the counts where .ci/run adds them up.</summary>
    public Task WriteCountsAsync(string counts) => File.WriteAllTextAsync(Path.ChangeExtension(_report, ".counts"), counts + "\n");

    private static async Task<WineRun> RunAsync(ProcessStartInfo start, string report)
    {
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Nothing is to run on beside the next one.
            process.Kill(entireProcessTree: true);
            throw;
        }

        var said = await output + await errors;
        Assert.SkipWhen(process.ExitCode == CannotRun, said.Trim());
        return new(report, process.ExitCode, said, File.Exists(report) ? Read(report) : []);
    }

    private static List<WineResult> Read(string report) =>
    [
        .. XDocument.Load(report).Descendants("test").Select(test => new WineResult(
            $"{(string)test.Attribute("type")!}.{(string)test.Attribute("method")!}",
            (string)test.Attribute("name")!,
            (string)test.Attribute("result")!,
            (test.Element("failure")?.Element("message") ?? test.Element("reason"))?.Value ?? "",
            test.Element("failure")?.Element("stack-trace")?.Value ?? "")),
    ];

    private static string Metadata(string key) =>
        typeof(WineRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
