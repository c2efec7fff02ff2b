namespace SignalStreams.WindowsTestProgram;

/// <content>Each way of the library to be told of the end.</content>
internal static partial class Scenarios
{
    /// <summary>way, work: is told of the end that way, and works so long before it ends.</summary>
    public static Task<int> Told(string[] args) => args[0] switch
    {
        "wait" => WaitBlockingAsync(args),
        "callback" => CallBackAsync(args),
        "observe" => ObserveAsync(args),
        "scope" => CancelScopeAsync(args),
        "group" => CancelGroupAsync(args),
        _ => Task.FromResult(Signals.Run(token => WorkAtEndAsync(args, () => null, token))),
    };

    private static async Task<int> WaitBlockingAsync(string[] args)
    {
        new Thread(SayReadyWhenWaiting) { IsBackground = true }.Start();
        Output.Line($"got {Signals.WaitForShutdown().GetName()}");
        await Work(args, 1);
        Output.Line("worked");
        return 7;
    }

    // Who waits cannot say so: its windows show that it has begun to listen, and whoever listens next is not let in before it listens to everything.
    private static void SayReadyWhenWaiting()
    {
        SpinWait.SpinUntil(() => OwnWindows.Find() != 0);
        Signals.OpenSignalReceiver(SIGINT).Dispose();
        Output.Line("ready");
    }

    private static async Task<int> CallBackAsync(string[] args)
    {
        var worked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (Signals.OnShutdown(async signal =>
        {
            Output.Line($"got {signal.GetName()}");
            await Work(args, 1);
            Output.Line("worked");
            worked.SetResult();
        }))
        {
            Output.Line("ready");
            await worked.Task;
        }

        return 7;
    }

    private static async Task<int> ObserveAsync(string[] args)
    {
        var worked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (Signals.Observe([.. ShutdownSignals.Terminating]).Subscribe(signal =>
        {
            Output.Line($"got {signal.GetName()}");
            Work(args, 1).GetAwaiter().GetResult();
            Output.Line("worked");
            worked.SetResult();
        }))
        {
            Output.Line("ready");
            await worked.Task;
        }

        return 7;
    }

    private static async Task<int> CancelScopeAsync(string[] args)
    {
        await CancelScope.RunAsync(async scope =>
        {
            using var _ = scope.CancelOn();
            await WorkAtEndAsync(args, () => scope.Reason, scope.Token);
        });
        return 7;
    }

    private static async Task<int> CancelGroupAsync(string[] args)
    {
        await TaskGroup.RunAsync(async group =>
        {
            using var _ = group.CancelOn();
            await WorkAtEndAsync(args, () => group.Reason, group.Token);
        });
        return 7;
    }

    private static async Task WorkAtEndAsync(string[] args, Func<CancelReason?> reason, CancellationToken token)
    {
        Output.Line("ready");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }
        finally
        {
            if (reason() is SignalCancelReason { Signal: var signal })
            {
                Output.Line($"got {signal.GetName()}");
            }

            await Work(args, 1);
            Output.Line("worked");
        }
    }
}
