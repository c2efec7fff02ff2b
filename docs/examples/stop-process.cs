// Stops a child that ignores SIGTERM: a plan asks it, asks again, and kills it and its own child in the end. Each step is printed.
#:project ../../src/SignalStreams.Processes/SignalStreams.Processes.csproj
using System.Diagnostics;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

var start = new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]) { RedirectStandardOutput = true };
using var child = Process.Start(start)!;
Console.WriteLine($"process {child.Id}: {child.StandardOutput.ReadLine()}");

var plan = StopPlan.Send(SIGTERM, patience: TimeSpan.FromSeconds(2), repeatEvery: TimeSpan.FromSeconds(1)).ThenKill();
Console.WriteLine($"the plan: {plan}");
var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child), plan, new StepPrinter());
Console.WriteLine(outcome);

// Called step by step. (Progress<T> would pass the steps on to the thread pool, where two of them may change places.)
sealed class StepPrinter : IProgress<StopStep>
{
    public void Report(StopStep step) =>
        Console.WriteLine($"after {step.Elapsed.TotalSeconds:0} s: {step.Step.Signal}, attempt {step.Attempt}, to {string.Join(", ", step.Remaining)}");
}
