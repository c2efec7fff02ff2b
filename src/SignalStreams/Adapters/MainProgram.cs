namespace SignalStreams;

/// <summary>Runs a program's main function under a token that a signal cancels, and finds the exit code.</summary>
internal static class MainProgram
{
    /// <param name="hub">Where to listen.</param>
    /// <param name="signals">Checked signals.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="main">The program; null means that it asks for no exit code.</param>
    public static int Run(SignalHub hub, ShutdownSignal[] signals, SignalListenOptions options, Func<CancellationToken, Task<int?>> main)
    {
        using var shutdown = new SignalCancellationTokenSource(hub.Router, nameof(SignalHub.Run), signals, options, default);
        var code = Wait(hub, main, shutdown);
        if (code is null && Environment.ExitCode != 0)
        {
            code = Environment.ExitCode;
        }

        return code ?? (shutdown.Signal is { } signal ? hub.Router.Exit.ExitWhenMainReturns(hub.StatusAfter(signal)) : 0);
    }

    private static int? Wait(SignalHub hub, Func<CancellationToken, Task<int?>> main, SignalCancellationTokenSource shutdown)
    {
        // This thread is about to block: nothing must be posted to it.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = main(shutdown.Token);
            hub.Router.Source.ServeUntil(running);
            return running.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (shutdown.Signal is not null)
        {
            return null;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
