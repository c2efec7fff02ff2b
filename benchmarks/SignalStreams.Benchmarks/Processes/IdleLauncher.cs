using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>The CPU time of a launcher whose fifty children do nothing.</summary>
internal static class IdleLauncher
{
    private const int Children = 50;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("idle-");
        try
        {
            var file = Path.Combine(folder.FullName, "idle.yaml");
            var tasks = Enumerable.Range(0, Children).Select(i => FormattableString.Invariant($"  - name: t{i}\n    program: sleep\n    args: 1000\n"));
            await File.WriteAllTextAsync(file, $"name: idle\ntasks:\n{string.Concat(tasks)}");
            using var launcher = Process.Start(new ProcessStartInfo(Peers.Tool, ["launch", file, "--log-dir", folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.Delay(TimeSpan.FromSeconds(10)); // Until all have started and the runtime has compiled what it wants to.
            var family = Family(launcher.Id);
            var before = family.Sum(Ticks);
            await Task.Delay(Watched);
            var after = family.Sum(Ticks);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{family.Count} processes of a launcher with {Children} children: {(after - before) * 10} ms of CPU in {Watched.TotalSeconds} s"));
            await GracefulStop.StopAsync(launcher, StopPlan.Interactive);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The launcher and what it keeps beside its children, which only sleep.
    private static List<int> Family(int launcher) =>
        [launcher, .. Process.GetProcesses().Where(process => ParentOf(process.Id) == launcher).Select(process => process.Id)];

    private static int ParentOf(int process) => int.TryParse(Fields(process).ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var parent) ? parent : 0;

    // utime and stime of proc_pid_stat(5), in hundredths of a second.
    private static long Ticks(int process) => Fields(process) is { Length: > 13 } fields
        ? long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture) : 0;

    private static string[] Fields(int process)
    {
        try
        {
            var text = File.ReadAllText(FormattableString.Invariant($"/proc/{process}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
