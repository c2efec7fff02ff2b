using System.Diagnostics;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that look at the process, or wait until it has come to something.</summary>
internal static class Probes
{
    private static Events? _events;

    public static Action<string[]>? Command(string verb) => verb switch
    {
        "attempts" => words => WaitUntil(() => Signals.Hub.Attempts == Words.Number(words[0])),
        "received" => words => WaitUntilReceived(words[0], Words.Number(words[1])),
        "handled" => words => WaitUntil(() => IsHandled(ShutdownSignals.Parse(words[0]).GetNumber())),
        "unhandled" => words => WaitUntil(() => !IsHandled(ShutdownSignals.Parse(words[0]).GetNumber())),
        "width" => words => WaitUntil(() => Console.WindowWidth == Words.Number(words[0])),
        "metrics" => _ => Print(Metrics.Read()),
        "events" => _ => _events = new Events(),
        "collect" => _ => Collect(),
        "masks" => words => PrintMasks(words[0], File.ReadAllLines("/proc/self/status")),
        "child-masks" => words => PrintMasks(words[0], ReadChild()),
        "sleep" => StartSleep,
        "wait-for" => WaitFor,
        _ => null,
    };

    // What has no event of its own is asked again and again; the test has the time limit.
    private static void WaitUntil(Func<bool> condition) => SpinWait.SpinUntil(condition);

    // Copied into the buffers first, then counted: the copies are there by then.
    private static void WaitUntilReceived(string signal, int count) =>
        WaitUntil(() => Metrics.Read().GetValueOrDefault($"signalstreams.signals.received {signal}") >= count);

    private static bool IsHandled(int signal)
    {
        var caught = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (Convert.ToUInt64(caught.Split('\t')[1], 16) >> (signal - 1) & 1) != 0;
    }

    private static void Print(IReadOnlyDictionary<string, long> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            Output.Line($"{name} = {value}");
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.KeepAlive(_events);
    }

    private static void PrintMasks(string name, IEnumerable<string> status)
    {
        var masks = status.Select(line => line.Split(":\t")).Where(pair => pair[0] is "SigIgn" or "SigBlk").Select(pair => $"{pair[0]}={pair[1]}");
        Output.Line($"{name} {string.Join(' ', masks)}");
    }

    private static string[] ReadChild()
    {
        using var child = Process.Start(new ProcessStartInfo("cat", "/proc/self/status") { RedirectStandardOutput = true })!;
        var status = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return status.Split('\n');
    }

    private static void WaitFor(string[] words)
    {
        using var child = Process.Start(words[0], words[1..]);
        child.WaitForExit();
    }

    private static void StartSleep(string[] words)
    {
        var child = Process.Start("sleep", "1000");
        Output.Line($"{words[0]} started {child.Id}");
        _ = Task.Run(async () =>
        {
            await child.WaitForExitAsync();
            Output.Line($"{words[0]} exited {child.ExitCode}");
        });
    }
}
