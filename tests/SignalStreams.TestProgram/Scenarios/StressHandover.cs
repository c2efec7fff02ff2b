namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Hands a signal from one listener to the next, for ever, and says when one of them got it.</summary>
internal static class StressHandover
{
    public static Task<int> RunAsync(string[] args)
    {
        var signal = ShutdownSignals.Parse(args[1]);
        switch (args[0])
        {
            case "receivers":
                HandOverReceivers(signal);
                break;
            case "tokens":
                HandOverTokens(signal);
                break;
            case "tokens-apart":
                OpenAndCloseTokens(signal);
                break;
            default:
                throw new ArgumentException(args[0]);
        }

        return Task.FromResult(0);
    }

    // One is always open, and it closes unread three times of four. One that has read answers for what comes after, so it is not kept.
    private static void HandOverReceivers(ShutdownSignal signal)
    {
        var current = Signals.OpenSignalReceiver(signal);
        Output.Line("ready");
        while (true)
        {
            Thread.SpinWait(Random.Shared.Next(1000));
            var next = Signals.OpenSignalReceiver(signal);
            Thread.SpinWait(Random.Shared.Next(1000));
            var isRead = Random.Shared.Next(4) == 0 && current.TryReceive(out _);
            current.Dispose();
            current = next;
            if (isRead)
            {
                // Both were open, perhaps: then this one has its copy already.
                current.TryReceive(out _);
                next = Signals.OpenSignalReceiver(signal);
                current.Dispose();
                current = next;
                Output.Line("got");
            }
        }
    }

    private static void HandOverTokens(ShutdownSignal signal)
    {
        Signals.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        var current = Signals.CancelOn(signal);
        Output.Line("ready");
        while (true)
        {
            Thread.SpinWait(Random.Shared.Next(1000));
            var next = Signals.CancelOn(signal);
            Thread.SpinWait(Random.Shared.Next(1000));
            current.Dispose();
            if (current.IsCancellationRequested || next.IsCancellationRequested)
            {
                // Both were open: the one signal reaches the other one too, now or in a moment.
                SpinWait.SpinUntil(() => next.IsCancellationRequested, TimeSpan.FromMilliseconds(20));
                var fresh = Signals.CancelOn(signal);
                next.Dispose();
                next = fresh;
                Output.Line("got");
            }

            current = next;
        }
    }

    // Between two there is nobody, and the system's default is right.
    private static void OpenAndCloseTokens(ShutdownSignal signal)
    {
        WarmUp();
        Output.Line("ready");
        while (true)
        {
            var source = Signals.CancelOn(signal);

            // Open for longer than closed: a signal has a way to go until it is handled, and is to meet both.
            Thread.SpinWait(Random.Shared.Next(100_000));
            source.Dispose();
            if (source.IsCancellationRequested)
            {
                Output.Line("got");
                return;
            }
        }
    }

    // What is compiled at the first signal takes far longer than a source is open, and no signal would ever be in time.
    private static void WarmUp()
    {
        using var source = Signals.CancelOn(SIGUSR1);
        Signals.Raise(SIGUSR1);
        SpinWait.SpinUntil(() => source.IsCancellationRequested);
    }
}
