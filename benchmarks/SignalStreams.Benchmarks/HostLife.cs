using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace SignalStreams.Benchmarks;

/// <summary>The life of a web application with nothing to drain, against the same on the plain host: its start, its end, and its memory.</summary>
internal static class HostLife
{
    private static readonly string Programs = typeof(HostLife).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!;

    public static async Task RunAsync()
    {
        await CompareAsync("start to ready", "ms", life => life.Start);
        await CompareAsync("SIGTERM to exit", "ms", life => life.Stop);
        await CompareAsync("resident memory when ready", "MB", life => life.Memory);
    }

    private static async Task CompareAsync(string what, string unit, Func<Life, double> value)
    {
        var comparison = new Comparison(warmUpRounds: 2, rounds: 20, unit);
        comparison.Start("web application");
        await comparison.AddAsync(what, ("plain host", async () => [value(await LiveAsync("host=plain"))]), ("SignalStreams", async () => [value(await LiveAsync("drain=0"))]));
    }

    private static async Task<Life> LiveAsync(string setting)
    {
        var program = Path.GetFullPath(Path.Combine(Programs, "..", "ahead", "host", "SignalStreams.HostProgram"));
        if (!File.Exists(program))
        {
            throw new FileNotFoundException("Publish the program first, compiled ahead as the packages are: docs/benchmarks.md, \"A host's life\".", program);
        }

        var watch = Stopwatch.StartNew();
        await using var process = SupervisedProcess.Start(new ProcessStartInfo(program, ["Web", setting]) { RedirectStandardOutput = true });
        await foreach (var line in process.ReadLinesAsync())
        {
            if (line.Text == "ready")
            {
                break;
            }
        }

        var start = watch.Elapsed;
        var memory = (await File.ReadAllLinesAsync($"/proc/{process.Id}/status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        watch.Restart();
        process.TrySend(SIGTERM);
        await process.Completion;
        return new Life(start.TotalMilliseconds, watch.Elapsed.TotalMilliseconds, double.Parse(memory, CultureInfo.InvariantCulture) / 1024);
    }

    private sealed record Life(double Start, double Stop, double Memory);
}
