namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Reads keys from its terminal, which turns the echo off meanwhile, and prints the signals and keys that come.</summary>
internal static class ReadKey
{
    public static Task<int> RunAsync(string[] args)
    {
        switch (args[0])
        {
            case "cancel-on":
                var cts = Signals.CancelOn(SIGINT);
                cts.Token.Register(() => Output.Line($"cancelled {cts.Signal!.Value.GetName()}"));
                break;
            case "exit":
                Signals.OnShutdown(Signals.ExitBySignal);
                break;
            case "run":
                return Task.FromResult(Signals.Run(async token =>
                {
                    _ = Task.Run(Read, CancellationToken.None);
                    await Task.Delay(Timeout.Infinite, token);
                }));
            default:
                throw new ArgumentException(args[0]);
        }

        Attempts.Print();
        Read();
        return Task.FromResult(0);
    }

    private static void Read()
    {
        Output.Line("ready");
        while (true)
        {
            Output.Line($"key {Console.ReadKey(intercept: true).KeyChar}");
        }
    }
}
