namespace SignalStreams.TestProgram.Scenarios;

/// <summary>A program whose main function runs under <see cref="Signals.Run(Func{CancellationToken, Task})"/>; the argument says what it does.</summary>
internal static class RunMain
{
    public static Task<int> RunAsync(string[] args)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Output.Line("ProcessExit");
        return Task.FromResult(args[0] switch
        {
            "returns" => Signals.Run(WaitQuietlyAsync),
            "throws-cancellation" => Signals.Run(WaitAsync),
            "returns-7" => Signals.Run(ReturnAsync),
            "sets-5" => Signals.Run(SetAsync),
            "throws" => Signals.Run(ThrowAsync),
            "hangs" => Signals.Run(HangAsync),
            "normal" => Signals.Run(_ => Task.CompletedTask),
            "normal-7" => Signals.Run(_ => Task.FromResult(7)),
            "ignored-0" => Ignore(Signals.Run(WaitAsync), 0),
            "only-SIGUSR1" => Signals.Run(WaitAsync, SIGUSR1),
            "cancels-itself" => Signals.Run(_ => throw new OperationCanceledException("nobody asked for it")),
            _ => throw new ArgumentException(args[0]),
        });
    }

    private static int Ignore(int code, int instead)
    {
        Output.Line($"Run returned {code}");
        return instead;
    }

    private static async Task WaitAsync(CancellationToken token)
    {
        try
        {
            Output.Line("ready");
            await Task.Delay(Timeout.Infinite, token);
        }
        finally
        {
            Output.Line("finally");
        }
    }

    private static async Task WaitQuietlyAsync(CancellationToken token) => await WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task<int> ReturnAsync(CancellationToken token)
    {
        await WaitQuietlyAsync(token);
        return 7;
    }

    private static async Task SetAsync(CancellationToken token)
    {
        await WaitQuietlyAsync(token);
        Environment.ExitCode = 5;
    }

    private static async Task ThrowAsync(CancellationToken token)
    {
        await WaitQuietlyAsync(token);
        throw new InvalidOperationException("the body failed");
    }

    private static async Task HangAsync(CancellationToken token)
    {
        token.Register(() => Output.Line("cancelled"));
        Attempts.Print();
        Output.Line("ready");
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
