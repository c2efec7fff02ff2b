using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>What a program that runs another costs: the time to the first byte of the other, and memory.</summary>
internal static class RunOverhead
{
    private const int RunsInBlock = 5;

    public static async Task RunAsync()
    {
        var comparison = new Comparison(warmUpRounds: 2, rounds: 20, "ms");
        comparison.Start("first byte of echo");
        await comparison.AddAsync("echo",
            [("alone", () => MeasureAsync([])), .. Peers.Runners().Select(peer => (peer.Name, (Func<Task<double[]>>)(() => MeasureAsync(peer.Command))))]);

        Console.WriteLine();
        Console.WriteLine("| runner of a child that sleeps | resident MiB | of it its own (proportional set) MiB |");
        Console.WriteLine("|---|---:|---:|");
        foreach (var (name, command) in Peers.Runners())
        {
            var (resident, own) = await MemoryAsync(command);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {resident / 1024.0:F1} | {own / 1024.0:F1} |"));
        }
    }

    private static async Task<double[]> MeasureAsync(string[] runner)
    {
        string[] command = [.. runner, "/bin/echo", "x"];
        var block = new double[RunsInBlock];
        var buffer = new byte[1];
        for (var i = 0; i < block.Length; i++)
        {
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
            await process.StandardOutput.BaseStream.ReadExactlyAsync(buffer);
            block[i] = watch.Elapsed.TotalMilliseconds;
            await process.WaitForExitAsync();
        }

        return block;
    }

    private static async Task<(long Resident, long Own)> MemoryAsync(string[] runner)
    {
        string[] command = [.. runner, "/bin/sh", "-c", "echo ready; exec sleep 1000"];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadLineAsync();
        await Task.Delay(TimeSpan.FromSeconds(2)); // Until it has settled.
        var lines = await File.ReadAllLinesAsync(FormattableString.Invariant($"/proc/{process.Id}/smaps_rollup"));
        var memory = (Figure("Rss:"), Figure("Pss:"));
        await GracefulStop.StopAsync(ProcessTarget.Tree(process));
        return memory;

        long Figure(string name) => long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
