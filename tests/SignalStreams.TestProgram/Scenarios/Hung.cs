namespace SignalStreams.TestProgram.Scenarios;

/// <summary>A program every thread of which hangs: the pool, the main thread, and each one that the library calls back on.</summary>
internal static class Hung
{
    private static readonly object Gate = new();

    public static Task<int> RunAsync(string[] args)
    {
        Monitor.Enter(Gate);
        var blocked = Blocked.Pool();
        var cts = Signals.CancelOn(SIGINT, SIGTERM, SIGQUIT);
        cts.Token.Register(() => Hang("token"));
        Signals.OnShutdown(_ => Hang("callback"), SIGINT, SIGTERM, SIGQUIT);
        var receiver = Signals.OpenSignalReceiver(SIGINT, SIGTERM, SIGQUIT);
        _ = ReadAsync(receiver);
        Attempts.Print();
        Output.Line("ready");
        if (args[0] == "busy")
        {
            while (true)
            {
            }
        }

        if (args[0] == "exiting")
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Thread.Sleep(Timeout.Infinite);
            Environment.Exit(0);
        }

        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive((blocked, cts, receiver));
        return Task.FromResult(0);
    }

    private static async Task ReadAsync(SignalReceiver receiver)
    {
        await foreach (var signal in receiver)
        {
            Hang("loop");
        }
    }

    // For a lock that the main thread never gives back: as a program hangs in the field.
    private static void Hang(string who)
    {
        Output.Line($"{who} hangs");
        lock (Gate)
        {
            Output.Line($"{who} goes on");
        }
    }
}
