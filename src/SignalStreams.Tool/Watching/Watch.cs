namespace SignalStreams.Tool;

/// <summary>Prints the signals that arrive.</summary>
internal static class Watch
{
    /// <summary>All that can be listened to, but what the system sends for its own sake: SIGCHLD for children, SIGTTIN and SIGTTOU to stop what uses the
    /// terminal from the background.</summary>
    public static ShutdownSignal[] DefaultSignals =>
        // Names of every platform; which of them this one has has been asked.
#pragma warning disable CA1416
        [.. SignalList.Listenable.Where(signal => signal is not (ShutdownSignal.SIGCHLD or ShutdownSignal.SIGTTIN or ShutdownSignal.SIGTTOU))];
#pragma warning restore CA1416

    public static async Task<int> RunAsync(ShutdownSignal[] signals, bool asJson, int? count)
    {
        var output = new ClosedOutputWatch();

        // What comes after the last that was asked for is nobody's, and must not end the program otherwise than it ends.
        SignalReceiver receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, signals);
        await using (((IAsyncDisposable)receiver).ConfigureAwait(false))
        {
            var clock = new SignalClock(TimeProvider.System);
            Announce(receiver);
            try
            {
                await PrintAsync(receiver, clock, asJson, count ?? int.MaxValue, output.Closed).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ClosedOutputException || (e is OperationCanceledException && output.Closed.IsCancellationRequested))
            {
                // Nobody watches any more.
            }
        }

        return ExitCode.Done;
    }

    private static async Task PrintAsync(SignalReceiver receiver, SignalClock clock, bool asJson, int count, CancellationToken closed)
    {
        // A shell's & makes Ctrl-C unheard; what ends the program then must be something else that a person sends.
        var last = receiver.Ignored.Contains(ShutdownSignal.SIGINT) ? ShutdownSignal.SIGTERM : ShutdownSignal.SIGINT;
        var asked = 0;
        var printed = 0;
        await foreach (var delivery in receiver.ReadDeliveriesAsync(closed).ConfigureAwait(false))
        {
            var time = clock.TimeOf(delivery);
            Output.Line(asJson ? DeliveryText.Json(delivery, time) : DeliveryText.Line(delivery, time, Output.ColourOut));
            asked += delivery.Signal == last ? delivery.Count : 0;
            printed++;
            if (asked >= 2 || printed == count)
            {
                return;
            }
        }
    }

    private static void Announce(SignalReceiver receiver)
    {
        Output.Note($"pid {Environment.ProcessId}");
        if (receiver.Ignored.Count > 0)
        {
            Output.Note($"ignored since the start (nohup or a shell's &), and never seen: {string.Join(", ", receiver.Ignored.Select(signal => signal.GetName()))}");
        }

        Output.Note("ready");
    }
}
