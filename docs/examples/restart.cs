// A child that fails is started again, after pauses that grow, and is given up in the end.
#:project ../../src/SignalStreams.Processes/SignalStreams.Processes.csproj
using System.Diagnostics;
using SignalStreams;

var options = new SupervisedProcessOptions
{
    Name = "worker",
    Restart = RestartPolicy.OnFailure with { Backoff = TimeSpan.FromMilliseconds(100), MaxRestarts = 3 },
};
await using var child = SupervisedProcess.Start(new ProcessStartInfo("sh", ["-c", "exit 3"]), options);

// The events begin with the first start: none is missed.
await foreach (var change in child.ReadEventsAsync())
{
    Console.WriteLine(change switch
    {
        { RestartIn: { } pause } => $"{child.Name} ended with {change.ExitStatus}; starting again in {pause.TotalMilliseconds:0} ms",
        { State: SupervisedProcessState.Running } => $"{child.Name} runs as process {change.Process.Id}",
        _ => $"{child.Name}: {change.State}",
    });
}

var status = await child.Completion;
Console.WriteLine($"given up after {child.Restarts} restarts: {status}");
return status.ShellCode;
