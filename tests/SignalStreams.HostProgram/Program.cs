using System.Reflection;

// The hosts that tests send real signals to: the first argument names a class in Scenarios, whose static RunAsync gets the rest.
var scenario = Assembly.GetExecutingAssembly().GetType($"SignalStreams.HostProgram.Scenarios.{args[0]}", throwOnError: true)!;
var code = await (Task<int>)scenario.GetMethod("RunAsync")!.Invoke(null, [args[1..]])!;

// As in most hosts the main function returns nothing: what the lifetime arranges for the exit status is what counts.
if (code != 0)
{
    Environment.ExitCode = code;
}
