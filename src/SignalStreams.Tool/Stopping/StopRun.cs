namespace SignalStreams.Tool;

/// <summary>Stops several side by side, and hurries when it is told to.</summary>
internal static class StopRun
{
    public static async Task<int> RunAsync(IReadOnlyList<StopTask> tasks, StopView view)
    {
        using var abort = new CancellationTokenSource();
        using var over = new CancellationTokenSource();

        // The signals that a person ends this command with: Ctrl-C hurries the stop; the others end the command, and leave the terminal as it was.
        var receiver = Signals.OpenSignalReceiver(
            new SignalReceiverOptions { Unread = UnreadSignals.Drop }, ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM, ShutdownSignal.SIGHUP);
        ShutdownSignal? abortedBy;
        await using (((IAsyncDisposable)receiver).ConfigureAwait(false))
        {
#pragma warning disable CA2025 // It is awaited below, in the finally.
            var listening = ListenAsync(receiver, tasks, abort, over.Token);
#pragma warning restore CA2025
            var report = ReportFor(view);
            try
            {
                await report.ShowAsync(tasks, Task.WhenAll(tasks.Select(task => task.StopAsync(report, TimeProvider.System, abort.Token)))).ConfigureAwait(false);
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                abortedBy = await listening.ConfigureAwait(false);
            }
        }

        if (abortedBy is { } signal && tasks.Any(task => task.IsAborted))
        {
            Signals.ExitBySignal(signal);
        }

        return tasks.Max(CodeOf);
    }

    internal static int CodeOf(StopTask task) => task.Outcome switch
    {
        null => ExitCode.Failed,
        { Result: StopResult.AlreadyGone or StopResult.Graceful } => ExitCode.Done,
        { Result: StopResult.Killed } => ExitCode.Killed,
        { Remaining: var remaining, Failures: var failures } =>
            remaining.Count > 0 && remaining.All(process => failures.Any(failure => failure.Process == process && failure.Outcome == SendOutcome.NotPermitted)) ? ExitCode.NotPermitted
            : remaining.Count > 0 && remaining.All(process => failures.Any(failure => failure.Process == process && failure.Outcome == SendOutcome.NotDeliverable)) ? ExitCode.NotDeliverable
            : ExitCode.StillAlive,
    };

    private static async Task<ShutdownSignal?> ListenAsync(SignalReceiver receiver, IReadOnlyList<StopTask> tasks, CancellationTokenSource abort, CancellationToken over)
    {
        try
        {
            while (true)
            {
                var signal = await receiver.ReceiveAsync(over).ConfigureAwait(false);
                var running = tasks.Where(task => !task.IsOver).ToList();
                if (signal != ShutdownSignal.SIGINT || running.All(task => task.IsInLastStep))
                {
                    await abort.CancelAsync().ConfigureAwait(false);
                    return signal;
                }

                foreach (var task in running.Where(task => !task.IsInLastStep))
                {
                    task.Escalate();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static IStopReport ReportFor(StopView view) => view switch
    {
        StopView.Json => new JsonStopReport(),
        StopView.Quiet => new QuietStopReport(),
        _ => Terminals.CanMoveCursor(Terminals.Output) ? Live() : new PlainStopReport(),
    };

    // Apart, so that Spectre.Console is loaded for a terminal only.
    private static LiveStopReport Live() => new(new LivePicture(Output.Out, TerminalSize.Now, Output.ColourOut), TimeProvider.System);
}
