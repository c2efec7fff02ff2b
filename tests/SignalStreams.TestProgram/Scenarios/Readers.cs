namespace SignalStreams.TestProgram.Scenarios;

/// <summary>User code that keeps the very thread that brought it a signal, in places where that matters.</summary>
internal static class Readers
{
    // Longer than a thread that nobody needs lingers.
    private static readonly TimeSpan UntilOthersHaveLeft = TimeSpan.FromSeconds(2);

    public static Task<int> RunAsync(string[] args) => args[0] switch
    {
        "wait-on-reader" => WaitOnReaderAsync(),
        "run-with-blocked-consumer" => Task.FromResult(RunWithBlockedConsumer()),
        "run-with-blocked-callback" => Task.FromResult(RunWithBlockedCallback()),
        _ => throw new ArgumentException(args[0]),
    };

    // All of it on one thread of the library: nothing after the first await is asynchronous.
    private static async Task<int> WaitOnReaderAsync()
    {
        var receiver = Signals.OpenSignalReceiver(SIGUSR1);
        Output.Line("ready");
        await receiver.ReceiveAsync();
        receiver.Dispose();
        Thread.Sleep(UntilOthersHaveLeft);
        using var listening = Signals.CancelOn(SIGHUP);
        Output.Line("listening");
        listening.Token.WaitHandle.WaitOne();
        Output.Line("cancelled");
        return 0;
    }

    private static int RunWithBlockedConsumer() => Signals.Run(
        async token =>
        {
            using var blocked = Signals.OpenSignalReceiver(SIGUSR1);
            using var free = Signals.OpenSignalReceiver(SIGUSR2);
            using var isReleased = new ManualResetEventSlim();
            var blocking = BlockAsync(blocked, isReleased);
            Output.Line("ready");
            await free.ReceiveAsync(token);
            Output.Line("free");
            isReleased.Set();
            await blocking;
        },
        SIGTERM);

    private static async Task BlockAsync(SignalReceiver receiver, ManualResetEventSlim isReleased)
    {
        await receiver.ReceiveAsync();
        isReleased.Wait();
        Output.Line("released");
    }

    private static int RunWithBlockedCallback()
    {
        using var isOver = new ManualResetEventSlim();
        using var callback = Signals.OnShutdown(_ => isOver.Wait(), SIGTERM);
        var code = Signals.Run(
            async token =>
            {
                Output.Line("ready");
                await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 7;
            },
            SIGTERM);
        isOver.Set();
        Output.Line("over");
        return code;
    }
}
