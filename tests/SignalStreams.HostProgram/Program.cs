using System.Reflection;

// The hosts that tests send real signals to: the first argument names a class in Scenarios, whose static RunAsync gets the rest.
var scenario = Assembly.GetExecutingAssembly().GetType($"SignalStreams.HostProgram.Scenarios.{args[0]}", throwOnError: true)!;
return await (Task<int>)scenario.GetMethod("RunAsync")!.Invoke(null, [args[1..]])!;
