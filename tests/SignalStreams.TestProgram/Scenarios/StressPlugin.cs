using System.Runtime.Loader;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>What runs inside the context that <see cref="StressUnload"/> unloads.</summary>
internal static class StressPlugin
{
    public static Task RunAsync(string use)
    {
        if (AssemblyLoadContext.GetLoadContext(typeof(Signals).Assembly) is not { IsCollectible: true })
        {
            throw new InvalidOperationException("The library is not in the plugin's context.");
        }

        return use switch
        {
            "briefly" => OpenAndCloseAsync(),
            "everything" => UseEverythingAsync(),
            "long" => StayOpenAsync(),
            _ => throw new ArgumentException(use),
        };
    }

    // Unloaded before the delivery thread has done anything.
    private static Task OpenAndCloseAsync()
    {
        Signals.OpenSignalReceiver(SIGTERM).Dispose();
        return Task.CompletedTask;
    }

    // Long enough for the metrics to be published.
    private static async Task StayOpenAsync()
    {
        using var receiver = Signals.OpenSignalReceiver(SIGUSR1);
        await Task.Delay(600);
        Signals.Raise(SIGUSR1);
        await receiver.ReceiveAsync();
    }

    private static async Task UseEverythingAsync()
    {
        var called = new TaskCompletionSource();
        using var cts = new CancellationTokenSource();
        using (var receiver = Signals.OpenSignalReceiver(SIGTERM, SIGUSR1))
        using (var source = Signals.CancelOn(SIGTERM))
        using (Signals.OnShutdown(_ => called.SetResult(), SIGTERM))
        {
            var wait = Signals.WaitForShutdownAsync([SIGHUP], cts.Token);
            var loop = LoopAsync(receiver, cts.Token);
            Signals.Raise(SIGTERM);
            await called.Task;
            Signals.Raise(SIGUSR1);
            await loop;
            await cts.CancelAsync();
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
            }

            while (!source.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task LoopAsync(SignalReceiver receiver, CancellationToken cancellationToken)
    {
        var seen = 0;
        await foreach (var _ in receiver.ReadDeliveriesAsync(cancellationToken))
        {
            if (++seen == 2)
            {
                return;
            }
        }
    }
}
