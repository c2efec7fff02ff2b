namespace SignalStreams.WindowsTestProgram;

/// <content>Services that do not end as quickly, or as well, as others.</content>
internal static partial class Scenarios
{
    /// <summary>file, and "handler": a service, with an exit handler if so said, that fails when it is told to.</summary>
    public static async Task<int> ServiceCrash(string[] args)
    {
        Output.OpenFile(args[0]);
        if (args.Length > 1)
        {
            ExitHandlers.Register(context => Output.Line($"handler after {context.Exception?.Message}"));
        }

        using var receiver = Signals.OpenSignalReceiver(SIGTERM);
        Output.Line("ready", Environment.ProcessId);
        await ToldAsync(args[0], "go");
        throw new InvalidOperationException("It fails.");
    }

    /// <summary>file: a service whose exit handler works until it is told to end.</summary>
    public static async Task<int> ServiceLongHandler(string[] args)
    {
        Output.OpenFile(args[0]);
        ExitHandlers.Register(
            async _ =>
            {
                Output.Line("handler");
                await ToldAsync(args[0], "end");
                Output.Line("handler has worked");
            },
            timeLimit: TimeSpan.FromMinutes(1),
            name: "work");
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }
}
