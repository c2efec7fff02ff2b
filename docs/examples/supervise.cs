// Two children in a task group. Their lines are printed with a prefix, and Ctrl-C stops both by a plan. If this process is killed, they end too.
#:project ../../src/SignalStreams.Processes/SignalStreams.Processes.csproj
using System.Diagnostics;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

var plan = StopPlan.Send(SIGTERM, patience: TimeSpan.FromSeconds(10)).ThenKill();

await TaskGroup.RunAsync(async group =>
{
    group.CancelOn(SIGINT, SIGTERM);
    foreach (var name in new[] { "server", "worker" })
    {
        group.Start(name, token => RunAsync(name, token));
    }

    Console.WriteLine($"pid {Environment.ProcessId}: running. Press Ctrl-C, or try: kill {Environment.ProcessId}");
    await Task.Delay(Timeout.Infinite, group.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    Console.WriteLine($"stopping: {group.Reason}");
});

Console.WriteLine("both have ended, goodbye");

// Returns when the child and all that it started are gone. When it fails, the group fails, and the other one is stopped.
Task RunAsync(string name, CancellationToken token)
{
    var start = new ProcessStartInfo("sh", ["-c", "trap 'echo put away; exit 0' TERM; echo at work, process $$; while :; do sleep 0.1; done"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
    var options = new SupervisedProcessOptions { Name = name, StopPlan = plan, ThrowOnFailure = true };
    return SupervisedProcess.RunAsync(start, line => Console.WriteLine($"[{name}] {line}"), options, token);
}
