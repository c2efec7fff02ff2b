using System.Diagnostics;
using System.Globalization;
using Medallion.Shell;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>A gigabyte of a child's output, read to its end: as bytes, and as lines.</summary>
internal static class OutputThroughput
{
    private const long Bytes = 1L << 30;

    public static async Task RunAsync()
    {
        var comparison = new Comparison(warmUpRounds: 1, rounds: 7, "ms");
        comparison.Start("1 GiB");
        await comparison.AddAsync("bytes",
            ("Process, raw stream", () => TimeAsync(ReadProcessAsync)),
            ("SupervisedProcess.StandardOutput", () => TimeAsync(ReadSupervisedAsync)),
            ("MedallionShell, raw stream", () => TimeAsync(ReadMedallionAsync)));
        await comparison.AddAsync("lines of 64 bytes",
            ("Process, StreamReader.ReadLineAsync", () => TimeAsync(ReadProcessLinesAsync)),
            ("SupervisedProcess.ReadLinesAsync", () => TimeAsync(ReadSupervisedLinesAsync)));
    }

    private static ProcessStartInfo Zeros() => Start("-c", Bytes.ToString(CultureInfo.InvariantCulture), "/dev/zero");

    // yes(1) writes pages of lines; head cuts them off.
    private static ProcessStartInfo Lines()
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"yes {new string('x', 63)} | head -c {Bytes}");
        return start;
    }

    private static ProcessStartInfo Start(params string[] arguments) => new("head", arguments) { RedirectStandardOutput = true };

    private static async Task ReadProcessAsync()
    {
        using var process = Process.Start(Zeros())!;
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync();
    }

    private static async Task ReadSupervisedAsync()
    {
        await using var process = SupervisedProcess.Start(Zeros());
        await process.StandardOutput.CopyToAsync(Stream.Null);
        await process.Completion;
    }

    private static async Task ReadMedallionAsync()
    {
        using var command = Command.Run("head", ["-c", Bytes.ToString(CultureInfo.InvariantCulture), "/dev/zero"]);
        await command.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await command.Task;
    }

    private static async Task ReadProcessLinesAsync()
    {
        using var process = Process.Start(Lines())!;
        while (await process.StandardOutput.ReadLineAsync() is not null)
        {
        }

        await process.WaitForExitAsync();
    }

    private static async Task ReadSupervisedLinesAsync()
    {
        await using var process = SupervisedProcess.Start(Lines());
        await foreach (var line in process.ReadLinesAsync())
        {
            _ = line;
        }

        await process.Completion;
    }

    private static async Task<double[]> TimeAsync(Func<Task> read)
    {
        var watch = Stopwatch.StartNew();
        await read();
        return [watch.Elapsed.TotalMilliseconds];
    }
}
