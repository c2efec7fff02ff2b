namespace SignalStreams;

/// <summary>Does what is to be done at a signal that does not stop the host: one at a time, for as long as the host runs.</summary>
/// <remarks>The signal stays claimed until the loop is disposed of: it must not end a process that is about to end in order.</remarks>
internal sealed class SignalActionLoop : IDisposable
{
    // It is no request to end, so nothing is raised again.
    private static readonly SignalReceiverOptions Options = new() { Unread = UnreadSignals.Drop };

    // Who sends a signal that nothing follows looks into the log.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SignalAction _action;
    private readonly SignalReceiver _receiver;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ContainedLogger _logger;

    /// <summary>Signals are kept from here on.</summary>
    public SignalActionLoop(SignalHub hub, SignalAction action, IServiceProvider services, TimeProvider time, ContainedLogger logger)
    {
        _action = action;
        _services = services;
        _time = time;
        _logger = logger;
        _receiver = hub.OpenSignalReceiver(Options, [action.Signal], $"On({action.Signal.GetName()})", CancellationToken.None);
    }

    /// <summary>Runs the code, for what has arrived already too.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _receiver.ReceiveAsync(stopping).ConfigureAwait(false);
                await CallAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops. Of the code itself nothing comes here.
        }
#pragma warning disable CA1031 // Nobody waits for this: it would end without a word.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.ActionsEnded(_action.Signal.GetName(), e);
        }
    }

    public void Dispose() => _receiver.Dispose();

    private async Task CallAsync(CancellationToken stopping)
    {
        var start = _time.GetTimestamp();
        using var watch = _time.CreateTimer(
            _ => _logger.ActionTakesLong(_action.Signal.GetName(), ShutdownTimelineEntry.Seconds(_time.GetElapsedTime(start))), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            await _action.Action(_services, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // As it was told to.
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.ActionFailed(_action.Signal.GetName(), e);
        }
    }
}
