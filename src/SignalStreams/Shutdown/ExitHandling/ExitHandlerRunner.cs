using System.Diagnostics;

namespace SignalStreams;

/// <summary>Runs exit handlers one after the other, each on a thread that it may keep, and gives up those that pass their limit.</summary>
/// <remarks>
/// One thread takes the handlers in their turn; another, that of whoever waits for the clean-up, only looks at the clock. When a handler has used up its time
/// its thread is left to it, and a new one takes the next. So a handler that hangs costs its own limit, and a thousand that do not cost one thread.
/// Everything below is under the gate but the handlers themselves.
/// </remarks>
internal sealed class ExitHandlerRunner(ClockGate gate, TimeProvider time, ExitHandlerList handlers, TimelineRecorder timeline, ExitReason reason, ShutdownSettings settings, IProcessExit exit)
{
    private static readonly TimeSpan LongestWarning = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<ExitPhase, ExitPhaseRun> _phases = [];
    private Deadline _end;
    private ExitPhaseRun? _phase;
    private TimelineRecorder.Entry? _phaseEntry;
    private ExitHandlerRun? _current;
    private int _worker;
    private bool _hasEnded;

    /// <summary>Runs all handlers, and those that are registered meanwhile. It may be called again for those that come later.</summary>
    public void Run(Deadline end)
    {
        Debug.Assert(Monitor.IsEntered(gate));
        _end = end;
        _hasEnded = false;
        if (!end.HasPassed(time))
        {
            StartWorker();
        }

        while (!_hasEnded)
        {
            if (end.HasPassed(time))
            {
                GiveUpCurrent();
                _worker++;
                SkipAll(() => handlers.Take(settings.HandlerOrder));
                break;
            }

            gate.Wait(NextLook());
            Look();
        }

        EndPhase();
    }

    private Deadline NextLook() => _current is { } run ? Deadline.Earlier(_end, run.IsCancelled ? run.Deadline : run.CancelAt) : _end;

    private void Look()
    {
        if (_current is not { } run)
        {
            return;
        }

        if (!run.IsCancelled && run.CancelAt.HasPassed(time))
        {
            run.Cancel();
        }

        if (run.Deadline.HasPassed(time))
        {
            GiveUpCurrent();
            StartWorker();
        }
    }

    private void GiveUpCurrent()
    {
        if (_current is { } run)
        {
            timeline.End(run.Entry, TimelineOutcome.GivenUp);
            _current = null;

            // It may be in Environment.Exit, and have left its code where the program's stood.
            exit.ExitCode = run.ExitCode;
        }
    }

    private void StartWorker()
    {
        var worker = ++_worker;
        DetachedThread.Start("exit handlers", () => Work(worker));
    }

    private void Work(int worker)
    {
        while (true)
        {
            ExitHandlerRegistration registration;
            ExitHandlerRun run;
            lock (gate)
            {
                if (worker != _worker)
                {
                    return;
                }

                if (Take() is not { } next)
                {
                    _hasEnded = true;
                    gate.Changed();
                    return;
                }

                registration = next;
                _current = run = Begin(next);

                // Whoever looks at the clock has to know the new limit.
                gate.Changed();
            }

            var error = Call(registration, run);
            lock (gate)
            {
                if (run != _current)
                {
                    return;
                }

                timeline.End(run.Entry, error is null ? TimelineOutcome.Done : run.IsCancelled && error is OperationCanceledException ? TimelineOutcome.Cancelled : TimelineOutcome.Failed, error);
                _current = null;
            }
        }
    }

    private ExitHandlerRegistration? Take()
    {
        if (_phase is { } phase && phase.End.HasPassed(time))
        {
            SkipAll(() => handlers.Take(phase.Phase, settings.HandlerOrder));
        }

        ExitHandlerRegistration? next;
        while ((next = handlers.Take(settings.HandlerOrder)) is not null && _phases.TryGetValue(next.Phase, out var over) && over.End.HasPassed(time))
        {
            Skip(next);
        }

        if (next is null)
        {
            return null;
        }

        if (next.Phase != _phase?.Phase)
        {
            EndPhase();
            if (!_phases.TryGetValue(next.Phase, out _phase))
            {
                _phase = new ExitPhaseRun(next.Phase, Deadline.Earlier(Deadline.After(next.Phase.TimeLimit, time), _end));
                _phases.Add(next.Phase, _phase);
            }

            _phaseEntry = timeline.Add(TimelineEntryKind.Phase, next.Phase.Name, next.Phase.TimeLimit);
        }

        return next;
    }

    private ExitHandlerRun Begin(ExitHandlerRegistration registration)
    {
        var own = registration.TimeLimit ?? settings.HandlerLimit(isRequested: reason.Reason is not null, isLast: handlers.IsEmpty);
        var deadline = Deadline.After(own, time);
        var limit = own;
        if (_phase!.End < deadline)
        {
            // What its phase, or the clean-up, leaves of it.
            deadline = _phase.End;
            limit = deadline.Remaining(time);
        }

        var warning = limit / 10 < LongestWarning ? limit / 10 : LongestWarning;
        return new ExitHandlerRun(
            timeline.Add(TimelineEntryKind.Handler, registration.Name, limit == Timeout.InfiniteTimeSpan ? null : limit),
            deadline,
            limit == Timeout.InfiniteTimeSpan ? deadline : deadline.Minus(warning),
            exit.ExitCode);
    }

    private Exception? Call(ExitHandlerRegistration registration, ExitHandlerRun run)
    {
        var pump = new HandlerPump();
        SynchronizationContext.SetSynchronizationContext(pump);
        try
        {
            if (registration.Call(new ExitContext(run, reason, time)) is { } task)
            {
                pump.RunUntil(task);
                task.GetAwaiter().GetResult();
            }

            return null;
        }
#pragma warning disable CA1031 // One handler's error is no reason not to run the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(ExitHandlers), e.ToString());
            return e;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private void SkipAll(Func<ExitHandlerRegistration?> take)
    {
        while (take() is { } skipped)
        {
            Skip(skipped);
        }
    }

    private void Skip(ExitHandlerRegistration registration) =>
        timeline.End(timeline.Add(TimelineEntryKind.Handler, registration.Name), TimelineOutcome.Skipped);

    private void EndPhase()
    {
        if (_phaseEntry is { } entry)
        {
            timeline.End(entry, TimelineOutcome.Done);
            _phaseEntry = null;
        }
    }
}
