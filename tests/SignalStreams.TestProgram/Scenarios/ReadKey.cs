using System.Runtime.InteropServices;

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
            case "listen":
                _ = PrintAsync(Signals.OpenSignalReceiver(SIGCONT, SIGWINCH, SIGTERM));
                break;
            case "exit":
                Signals.OnShutdown(Signals.ExitBySignal);
                break;
            case "manager":
                ExitHandlers.Register(() => Output.Line("handler a"));
                break;
            case "manager-overdue":
                ExitHandlers.Register(() => Output.Line("handler a"));
                AppDomain.CurrentDomain.ProcessExit += (_, _) => Thread.Sleep(Timeout.Infinite);
                break;
            case "manager-hung":
                ExitHandlers.Register(
                    () =>
                    {
                        Output.Line("handler a");
                        Thread.Sleep(Timeout.Infinite);
                    },
                    timeLimit: Timeout.InfiniteTimeSpan);
                break;
            case "manager-crash-after-key":
                ExitHandlers.Register(() => Output.Line("handler a"));
                ReadOne();
                throw new InvalidOperationException("Nobody catches this.");
            case "exit-after-key":
                ReadOne();
                Signals.ExitBySignal(SIGINT);
                break;
            case "cancel-on-after-key":
                ReadOne();
                Signals.Hub.MaxAttempts = 1;
                Signals.CancelOn(SIGINT);
                Signals.Raise(SIGINT);
                Thread.Sleep(Timeout.Infinite);
                break;
            case "stopped-output":
                Signals.Hub.MaxAttempts = 1;
                Signals.CancelOn(SIGINT);
                Output.Line("ready");
                SpinWait.SpinUntil(() => !TakesOutput());
                Signals.Raise(SIGINT);
                Thread.Sleep(Timeout.Infinite);
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

    private static async Task PrintAsync(SignalReceiver receiver)
    {
        await foreach (var signal in receiver)
        {
            Output.Line(signal.GetName());
        }
    }

    private static void ReadOne()
    {
        Output.Line("ready");
        Output.Line($"key {Console.ReadKey(intercept: true).KeyChar}");
    }

    // struct pollfd of poll(2): the descriptor and, in 16 bits each, what is asked for (POLLOUT) and what is answered.
    private static bool TakesOutput()
    {
        long standardOutput = 1 | (4L << 32);
        return Poll(ref standardOutput, 1, 0) == 1;
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(ref long requests, nuint count, int milliseconds);

    private static void Read()
    {
        Output.Line("ready");
        while (true)
        {
            Output.Line($"key {Console.ReadKey(intercept: true).KeyChar}");
        }
    }
}
