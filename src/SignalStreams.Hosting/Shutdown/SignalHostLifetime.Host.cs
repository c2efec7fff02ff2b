using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <content>The host's own stop, and an exit that comes before it.</content>
internal sealed partial class SignalHostLifetime
{
    private const string TestServer = "Microsoft.AspNetCore.TestHost";

    // For a signal that arrived before, and whose turn is to come.
    private static readonly TimeSpan PendingTime = TimeSpan.FromMilliseconds(100);

    // Until whoever waits for the host's stop has come to call it: a turn of the thread pool.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(1);

    private IHost? _host;
    private Task? _stop;
    private bool _isReporting;
    private bool _isDisposing;
    private bool _isDisposed;

    /// <summary>The framework's host has been made.</summary>
    public void Bind(IHost host) => _host = host;

    /// <summary>The lifetime that was registered last is the host's.</summary>
    public void WarnUnlessUsed(IHostLifetime? used)
    {
        if (used == this || used is null)
        {
            return;
        }

        // By UseTestServer, which WebApplicationFactory calls after everything of the program's: as it is meant to be.
        var type = used.GetType();
        if (type.Namespace == TestServer)
        {
            _logger.TestServerLifetime(type.Name);
        }
        else
        {
            _logger.NotTheLifetime(type.Name);
        }
    }

    /// <summary>Stops the framework's host: for as long as it may take, but no longer than until a second signal.</summary>
    /// <remarks>No async method: its generic parts would be compiled while the process ends.</remarks>
    public Task StopHostAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource own;
        lock (_gate)
        {
            if (_stop is { IsCompleted: false })
            {
                // An exit was quicker to call it: services are stopped once.
                return _stop.WaitAsync(cancellationToken);
            }

            own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stop = own.Task;
        }

        BeginWithoutDrain();
        _reporter.StopCalled();
#pragma warning disable CA2000 // Disposed of at the end of the stop.
        var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _shutdown.TerminatingToken);
#pragma warning restore CA2000
        return TaskEnd.Then(() => _host!.StopAsync(both.Token), stop =>
        {
            both.Dispose();
            var isCutShort = _shutdown.TerminatingToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested && IsCancellation(stop);
            if (isCutShort)
            {
                // As it was asked for: no crash of the main function.
                _logger.CutShort();
            }

            own.SetResult();
            Stopped();
            return isCutShort ? Task.CompletedTask : stop;
        });
    }

    public void Disposing()
    {
        lock (_gate)
        {
            _isDisposing = true;
            _gate.Changed();
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
        if (!_wasAsked || Volatile.Read(ref _isDisposed))
        {
            return;
        }

        var limit = StopLimit;
        var deadline = Deadline.After(limit, _shutdown.Time);
        if (_shutdown.Phase == HostShutdownPhase.Stopped)
        {
            HoldUntilDisposed(limit, deadline);
            return;
        }

        LogExitHeld(_shutdown.Phase == HostShutdownPhase.Draining ? "draining" : "stopping", limit);
        if (!WaitForStop(deadline))
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

    private void Stopped(bool isCut = false)
    {
        // Who disposes of the host comes when it is said who held it up.
        lock (_gate)
        {
            _isReporting = true;
        }

        try
        {
            Advance(HostShutdownPhase.Stopped);
            _reporter.Stopped(isCut);
        }
        finally
        {
            lock (_gate)
            {
                _isReporting = false;
                _gate.Changed();
            }
        }
    }

    private static bool IsCancellation(Task task) => task.IsCanceled || (task.Exception is { } exception && IsCancellation(exception));

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

            if (_shutdown.Phase != HostShutdownPhase.Stopped && !_isDisposed)
            {
                return false;
            }
        }

        WaitForDisposal(limit, CallTime);
        return true;
    }

    /// <summary>Exporters and loggers are flushed as they are disposed of, by whoever has stopped the host.</summary>
    private void HoldUntilDisposed(TimeSpan limit, Deadline deadline)
    {
        bool isDisposing;
        lock (_gate)
        {
            isDisposing = _isDisposing && !_isDisposed;
        }

        if (isDisposing)
        {
            LogExitHeld("being disposed of", limit);
        }

        // Every main function that has not disposed of its host when it returns waits for this as well.
        WaitForDisposal(deadline, PendingTime);
    }

    private void LogExitHeld(string phase, TimeSpan limit)
    {
        var suspects = "";
        if (_first is { } first && OtherHandlers.Of(first.Signal) is { Length: > 0 } others)
        {
            suspects = $". Who else handles {first.Signal.GetName()}, and may have called it: {string.Join(", ", others)}";
        }

        _logger.ExitHeld(phase, _shutdown.ReasonText, Text(limit), suspects);
    }

    /// <summary>Waits until the host's services have been disposed of.</summary>
    /// <param name="limit">For how long at most.</param>
    /// <param name="patience">Within which it has to begin: nobody has to dispose of a host.</param>
    private void WaitForDisposal(Deadline limit, TimeSpan patience)
    {
        bool isLate;
        var report = Deadline.Earlier(limit, Deadline.After(Margin, _shutdown.Time));
        lock (_gate)
        {
            while (_isReporting && !report.HasPassed(_shutdown.Time))
            {
                _gate.Wait(report);
            }

            var begin = Deadline.After(patience, _shutdown.Time);
            while (!_isDisposed && !limit.HasPassed(_shutdown.Time) && (_isDisposing || !begin.HasPassed(_shutdown.Time)))
            {
                _gate.Wait(Deadline.Earlier(limit, _isDisposing ? Deadline.Never : begin));
            }

            isLate = _isDisposing && !_isDisposed;
        }

        if (isLate)
        {
            _logger.DisposalNotAwaited(Text(StopLimit));
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
