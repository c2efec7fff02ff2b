using System.Diagnostics;
using System.Reflection;

namespace SignalStreams.Benchmarks;

/// <summary>The whole life of a program that does nothing: linked to the library, which it never uses, against the same without it.</summary>
internal static class LinkedStartUp
{
    private const int RunsInBlock = 5;

    public static async Task RunAsync()
    {
        var comparison = new Comparison(warmUpRounds: 2, rounds: 40, "ms");
        comparison.Start("program");
        await comparison.AddAsync("does nothing", ("without the library", () => MeasureAsync("Unlinked")), ("linked to it", () => MeasureAsync("Linked")));
    }

    private static async Task<double[]> MeasureAsync(string program)
    {
        var folder = typeof(LinkedStartUp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!;
        var start = new ProcessStartInfo(Path.Combine(folder, program, "release", program)) { RedirectStandardOutput = true };
        var block = new double[RunsInBlock];
        for (var i = 0; i < block.Length; i++)
        {
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            block[i] = watch.Elapsed.TotalMilliseconds;
        }

        return block;
    }
}
