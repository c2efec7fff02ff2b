using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <content>The host's own stop, and an exit that comes before it.</content>
internal sealed partial class SignalHostLifetime
{
    // For a signal that arrived before, and whose turn is to come.
    private static readonly TimeSpan PendingTime = TimeSpan.FromMilliseconds(100);

    // Until whoever waits for the host's stop has come to call it: a turn of the thread pool.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(1);

    private IHost? _host;
    private Task? _stop;
    private bool _isDisposing;
    private bool _isDisposed;

    /// <summary>The framework's host has been made.</summary>
    public void Bind(IHost host) => _host = host;

    /// <summary>The lifetime that was registered last is the host's.</summary>
    public void WarnUnlessUsed(IHostLifetime? used)
    {
        if (used != this && used is not null)
        {
            _logger.NotTheLifetime(used.GetType().Name);
        }
    }

    /// <summary>Stops the framework's host: for as long as it may take, but no longer than until a second signal.</summary>
    public async Task StopHostAsync(CancellationToken cancellationToken)
    {
        Task? stop;
        TaskCompletionSource? own = null;
        lock (_gate)
        {
            // If an exit was quicker to call it: services are stopped once.
            stop = _stop is { IsCompleted: false } ? _stop : null;
            if (stop is null)
            {
                own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _stop = own.Task;
            }
        }

        if (stop is not null)
        {
            await stop.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        BeginWithoutDrain(ByProgram);
        _reporter.StopCalled();
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _shutdown.TerminatingToken);
            await _host!.StopAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (_shutdown.TerminatingToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested && IsCancellation(e))
        {
            // As it was asked for: no crash of the main function.
            _logger.CutShort();
        }
        finally
        {
            own!.SetResult();
            Advance(HostShutdownPhase.Stopped);
            _reporter.Stopped();
        }
    }

    public void Disposing()
    {
        lock (_gate)
        {
            _isDisposing = true;
        }

        // If nobody has stopped it: what listens is disposed of next.
        _reporter.Stopped();
    }

    public void Disposed()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _gate.Changed();
        }

        Release();
    }

    public void HoldExit()
    {
        if (!_listener.IsHandled)
        {
            // Who exits because of a signal that we have heard too comes after it, however quick.
            DetachedThread.Run("drain", PendingTime, () =>
            {
                _listener.Drain();
                SpinWait.SpinUntil(() => _listener.IsHandled, PendingTime);
            });
        }

        // A service may well be what exits, having failed: it would wait for its own end.
        if (!_wasAsked || _shutdown.Phase == HostShutdownPhase.Stopped || Volatile.Read(ref _isDisposed))
        {
            return;
        }

        var limit = StopLimit;
        _logger.ExitHeld(_shutdown.Phase == HostShutdownPhase.Draining ? "draining" : "stopping", _shutdown.Reason?.ToString() ?? "", Text(limit));
        if (!WaitForStop(Deadline.After(limit, _shutdown.Time)))
        {
            _logger.ExitReleased(Text(limit));
            _reporter.Abandoned();
        }

        // The runtime has set the code that the call asked for; nobody's function has returned it.
        if (!_hub.Router.Exit.IsZeroChosen)
        {
            ArrangeStatus();
        }
    }

    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException || (exception is AggregateException { InnerExceptions: { Count: > 0 } inner } && inner.All(IsCancellation));

    private static string Text(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? "as long as it takes" : ShutdownTimelineEntry.Seconds(limit);

    /// <returns>Whether it has stopped.</returns>
    private bool WaitForStop(Deadline limit)
    {
        var uncalled = Deadline.Never;
        lock (_gate)
        {
            while (_shutdown.Phase != HostShutdownPhase.Stopped && !_isDisposed && !limit.HasPassed(_shutdown.Time))
            {
                if (_stop is null && _shutdown.Phase == HostShutdownPhase.Stopping)
                {
                    // The main function may have ended without waiting for the host, and then nobody stops it.
                    uncalled = uncalled == Deadline.Never ? Deadline.After(CallTime, _shutdown.Time) : uncalled;
                    if (uncalled.HasPassed(_shutdown.Time))
                    {
                        DetachedThread.Start("host", () => _ = StopContainedAsync());
                        uncalled = Deadline.Never;
                        _gate.Wait(Deadline.After(CallTime, _shutdown.Time));
                        continue;
                    }
                }

                _gate.Wait(Deadline.Earlier(limit, uncalled));
            }

            // Loggers and exporters are flushed as they are disposed of, by whoever stopped the host.
            var disposal = Deadline.After(CallTime, _shutdown.Time);
            while (!_isDisposed && !limit.HasPassed(_shutdown.Time) && (_isDisposing || !disposal.HasPassed(_shutdown.Time)))
            {
                _gate.Wait(Deadline.Earlier(limit, _isDisposing ? Deadline.Never : disposal));
            }

            return _shutdown.Phase == HostShutdownPhase.Stopped || _isDisposed;
        }
    }

    private async Task StopContainedAsync()
    {
        try
        {
            await StopHostAsync(CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.StopFailed(e);
        }
    }

    /// <summary>The main function has returned, or somebody called Environment.Exit. The process waits for this.</summary>
    private void OnExiting()
    {
        // Who runs exit handlers has waited for the host before, or has given it up.
        if (_hub.PeekShutdownManager is not { State: >= ShutdownState.CleaningUp })
        {
            HoldExit();
        }
    }
}
