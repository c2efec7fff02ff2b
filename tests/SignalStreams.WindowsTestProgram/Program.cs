using System.Reflection;
using SignalStreams.WindowsTestProgram;

Watchdog.Start();

// Before the console may be taken away: what is opened then is kept.
Output.Open();

// The program that tests send real events to: the first argument names a scenario, "console" or "no-console" before it changes what it is attached to.
switch (args[0])
{
    case "console":
        Native.FreeConsole();
        Native.Require(Native.AllocConsole(), nameof(Native.AllocConsole));
        args = args[1..];
        break;
    case "no-console":
        Native.FreeConsole();
        args = args[1..];
        break;
}

AppDomain.CurrentDomain.ProcessExit += (_, _) => Output.Line("exiting");
return await (Task<int>)typeof(Scenarios).GetMethod(args[0], BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [args[1..]])!;
