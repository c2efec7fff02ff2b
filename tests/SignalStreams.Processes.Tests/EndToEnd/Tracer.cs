using System.Globalization;

namespace SignalStreams.Processes.Tests;

/// <summary>Brings one of the cast into the state that it cannot bring itself into.</summary>
internal static class Tracer
{
    /// <summary>Waits until it is what its name says; what is given back goes with it.</summary>
    public static async Task<TestChild?> CompleteAsync(string name, int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        TestChild? tracer = null;
        switch (name)
        {
            case Cast.Stopped:
                await Until.TrueAsync(() => ProcessList.StateOf(process) == 'T', "it should be stopped");
                break;
            case Cast.Traced:
                await SleepsAsync(process);
                tracer = TestChild.Start(Programs.Require("strace"), "-f", "-q", "-o", "/dev/null", "-p", id);
                await Until.TrueAsync(() => IsTracedBy(tracer.Id, process), "strace should trace it");
                break;
            case Cast.Debugged:
                // At its prompt gdb holds what it debugs: SIGKILL is all that ends it.
                await SleepsAsync(process);
                tracer = TestChild.Start("sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null", Programs.Require("gdb"), "-q", "-nx", "-p", id);
                await Until.TrueAsync(() => IsTracedBy(tracer.Id, process) && ProcessList.StateOf(process) == 't', "gdb should hold it");
                break;
            case Cast.Zombies:
                await Until.TrueAsync(() => ProcessList.ZombiesOf(process) == 20, "its children should have ended");
                break;
            case Cast.ForksTwice:
                break;
        }

        return tracer;
    }

    private static Task SleepsAsync(int process) => Until.TrueAsync(() => File.ReadAllText($"/proc/{process}/comm").TrimEnd() == "sleep", "it should sleep");

    private static bool IsTracedBy(int tracer, int process) =>
        File.ReadAllText($"/proc/{process}/status").Contains(FormattableString.Invariant($"TracerPid:\t{tracer}\n"), StringComparison.Ordinal);
}
