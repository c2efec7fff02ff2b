namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Listens in every way while no thread of the pool is free; SIGUSR1 is sent by nobody before SIGTERM has freed the pool.</summary>
internal static class SaturatedPool
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var blocked = Blocked.Pool();
        using var cts = Signals.CancelOn(SIGINT, SIGQUIT, SIGTERM);
        using var registration = cts.Token.Register(() => Output.Line($"token {cts.Signal!.Value.GetName()}"));
        _ = PrintWaitAsync();
        await using var receiver = Signals.OpenSignalReceiver(SIGINT, SIGQUIT, SIGTERM, SIGHUP);
        Signals.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;

        // It waits before the test knows: all that comes from here on is continued by a delivery thread.
        var loop = ReadAsync(receiver, blocked);
        Output.Line("ready");
        await loop;
        return 0;
    }

    private static async Task PrintWaitAsync() => Output.Line($"wait {(await Signals.WaitForShutdownAsync(SIGINT, SIGQUIT, SIGTERM)).GetName()}");

    private static async Task ReadAsync(SignalReceiver receiver, Blocked blocked)
    {
        await foreach (var signal in receiver)
        {
            Output.Line($"loop {signal.GetName()}");
            if (signal == SIGTERM)
            {
                blocked.Dispose();
                Output.Line("released");
            }
            else if (signal == SIGHUP)
            {
                break;
            }
        }
    }
}
