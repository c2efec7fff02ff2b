using System.CommandLine;

var root = new RootCommand("Watch signals, send them, stop processes by a plan, and run children that end well.");
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
