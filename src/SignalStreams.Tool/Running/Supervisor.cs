using System.Diagnostics;

namespace SignalStreams.Tool;

/// <summary>Runs one child: forwards signals to it, ends it, starts it again, and ends as it ended.</summary>
/// <remarks>Neither Spectre.Console nor System.Reactive is touched on this path: it is paid for before the child starts.</remarks>
#pragma warning disable CA1001 // A token source without a timer holds nothing; it is cancelled before its last user ends.
internal sealed class Supervisor
#pragma warning restore CA1001
{
    private const int NoSuchFile = 2;
    private const int NoSuchPathOnWindows = 3;
    private const int FirstProcess = 1;

    private readonly RunSettings _settings;
    private readonly SupervisedProcess _child;
    private readonly bool _hasTerminal;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _over = new();
    private Task _ending = Task.CompletedTask;
    private bool _isEnding;

    private Supervisor(RunSettings settings, SupervisedProcess child, bool hasTerminal)
    {
        _settings = settings;
        _child = child;
        _hasTerminal = hasTerminal;
    }

    public static async Task<int> RunAsync(RunSettings settings)
    {
        // Before the child: a signal that comes while it starts is its first.
        using var end = new EndReceiver(UnreadSignals.Drop, ForwardedSignals.All);
        return await RunAsync(settings, end.Receiver).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(RunSettings settings, SignalReceiver receiver)
    {
        if (settings.WorkingDirectory is { } folder && !Directory.Exists(folder))
        {
            Output.Problem($"--cwd: there is no folder '{folder}'.");
            return ExitCode.SupervisionFailed;
        }

        if (settings.Command[0].Length == 0)
        {
            Output.Problem("The command is an empty text: there is nothing to start. Name a program; a variable that it was to come from may not be set.");
            return ExitCode.NotFound;
        }

        using var reaper = settings.IsSubreaper || Environment.ProcessId == FirstProcess ? StartReaper(settings.IsSubreaper) : null;
        var hasTerminal = Terminals.IsInForeground;
        SupervisedProcess child;
        try
        {
            child = SupervisedProcess.Start(StartInfo(settings), new SupervisedProcessOptions
            {
                Place = hasTerminal ? ProcessPlace.Foreground : ProcessPlace.Session,
                Restart = settings.Restart,
                Leftovers = settings.Leftovers,
            });
        }
        catch (ProcessStartException e)
        {
            Output.Problem(StartProblem.Text(e));
            return CodeOf(e);
        }

        var supervisor = new Supervisor(settings, child, hasTerminal);
        ProcessExitStatus status;
        bool isReady;
        await using (child.ConfigureAwait(false))
        {
            if (settings.IsVerbose)
            {
                supervisor.Say($"process {child.Identity} started");
            }

            try
            {
                (status, isReady) = await supervisor.WatchAsync(receiver).ConfigureAwait(false);
            }
            catch (ProcessStartException e)
            {
                Output.Problem($"It could not be started again. {StartProblem.Text(e)}");
                return CodeOf(e);
            }
        }

        supervisor.Say($"{child.Identity} ended: {status}");
        return isReady ? supervisor.End(status) : ExitCode.TimedOut;
    }

    // The orphans of the child's descendants are its keeper's; here come those of what others start in the same container.
    private static OrphanReaper? StartReaper(bool becomeSubreaper) => OperatingSystem.IsWindows() ? null : OrphanReaper.Start(becomeSubreaper, TimeSpan.Zero);

    private static ProcessStartInfo StartInfo(RunSettings settings)
    {
        var info = new ProcessStartInfo(settings.Command[0]) { UseShellExecute = false, WorkingDirectory = settings.WorkingDirectory ?? "" };
        for (var i = 1; i < settings.Command.Count; i++)
        {
            info.ArgumentList.Add(settings.Command[i]);
        }

        foreach (var (name, value) in settings.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static int CodeOf(ProcessStartException error) => error.NativeErrorCode switch
    {
        NoSuchFile => ExitCode.NotFound,
        NoSuchPathOnWindows when OperatingSystem.IsWindows() => ExitCode.NotFound,
        0 => ExitCode.SupervisionFailed,
        _ => ExitCode.NotExecutable,
    };

    private async Task<(ProcessExitStatus Status, bool IsReady)> WatchAsync(SignalReceiver receiver)
    {
        var forwarding = ForwardAsync(receiver);
        var telling = _settings.IsVerbose || _settings.Restart.When != RestartWhen.Never ? TellAsync() : Task.CompletedTask;
        var readiness = _settings.Ready is { } ready ? AwaitReadyAsync(ready) : Task.FromResult(true);
        await ((Task)_child.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over.CancelAsync().ConfigureAwait(false);
        await forwarding.ConfigureAwait(false);
        await telling.ConfigureAwait(false);
        await _ending.ConfigureAwait(false);
        var isReady = await readiness.ConfigureAwait(false);
        return (await _child.Completion.ConfigureAwait(false), isReady);
    }

    private async Task ForwardAsync(SignalReceiver receiver)
    {
        try
        {
            while (true)
            {
                var delivery = await receiver.ReceiveDeliveryAsync(_over.Token).ConfigureAwait(false);
                Forward(delivery);
                if (ForwardedSignals.EndsHere(delivery.Signal))
                {
                    // To ask for the next one would say that this one has been dealt with.
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, _over.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The child has ended.
        }
    }

    private void Forward(SignalDelivery delivery)
    {
        var signal = delivery.Signal;
        if (_hasTerminal && ForwardedSignals.IsOfBackground(signal))
        {
            // The child has the terminal, and this command has touched it: the runtime puts it right at each SIGCONT (fg).
            Say($"{delivery}: is about this command alone");
            return;
        }

        if (_hasTerminal && !_settings.Rewrites.Contains(signal) && ForwardedSignals.IsOfWholeConsole(delivery))
        {
            Say($"{delivery}: the child has it from the console");
            return;
        }

        // What Windows cannot send begins the end, as SIGTERM does.
        signal = ForwardedSignals.EndsHere(signal) ? ShutdownSignal.SIGTERM : signal;
        if (_settings.Rewrites.Apply(signal) is not { } target)
        {
            Say($"{delivery}: dropped");
            return;
        }

        if (signal == ShutdownSignal.SIGTERM && !_isEnding)
        {
            Say($"{delivery}: the end begins");
            _isEnding = true;
            _ending = EndChildAsync(target);
            return;
        }

        var isStop = ForwardedSignals.IsTerminalStop(signal) && !_settings.Rewrites.Contains(signal);
        if (isStop && !_hasTerminal)
        {
            // A session without a terminal has nobody who could continue it, so its processes pass over the terminal's own stops (setpgid(2), "orphaned").
            target = Stop;
        }

        Send(target, delivery.Origin.Value, delivery.ToString());
        if (isStop)
        {
            Say("stops too");
            Signals.Raise(Stop);
        }
    }

    private void Send(ShutdownSignal signal, int? value, string reason)
    {
        var result = _settings.ToGroup ? _child.SendToGroup(signal) : _child.SendTo(signal, value);
        Say($"{reason}: {signal.GetName()} to {(_settings.ToGroup ? "the group of " : "")}{_child.Identity}{(result.IsSent ? "" : $": {SendRun.Reason(result)}")}");
    }

    private async Task EndChildAsync(ShutdownSignal first)
    {
        // From now on its end is the end.
        _child.EndRestarts();
        if (!_settings.Escalates)
        {
            Send(first, null, "no escalation");
            return;
        }

        foreach (var step in _settings.Plan?.Steps ?? StopPlan.Send(first, _settings.Grace).ThenKill().Steps)
        {
            if (await StepAsync(step).ConfigureAwait(false))
            {
                return;
            }
        }

        Output.Problem($"{_child.Identity} still runs, and the plan is over.");
    }

    // True when the child has ended.
    private async Task<bool> StepAsync(StopPlanStep step)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            if (step.Signal == Kill)
            {
                Output.Problem($"{_child.Identity} has not ended in time: it is killed, with all its descendants.");
                _child.Kill();
            }
            else
            {
                Send(step.Signal, null, "plan");
            }

            var left = step.Patience == Timeout.InfiniteTimeSpan ? step.Patience : step.Patience - _time.GetElapsedTime(began);
            var pause = step.RepeatEvery is { } every && (left == Timeout.InfiniteTimeSpan || every < left) ? every : left;
            if (pause != Timeout.InfiniteTimeSpan && pause <= TimeSpan.Zero)
            {
                return _child.Completion.IsCompleted;
            }

            try
            {
                await Task.WhenAny(_child.Completion).WaitAsync(pause, _time).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException) when (pause != left)
            {
                // Once more.
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private async Task<bool> AwaitReadyAsync(Readiness readiness)
    {
        var began = _time.GetTimestamp();
        try
        {
            if (await ReadinessCheck.WaitAsync(readiness, _time, _over.Token).ConfigureAwait(false))
            {
                Say($"ready after {Durations.Seconds(_time.GetElapsedTime(began))}");
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // It ended first, and its own status says more.
            return true;
        }

        Output.Problem($"{_child.Identity} was not ready within {Durations.Format(readiness.Timeout)}: it is stopped.");
        await EndChildAsync(_settings.Rewrites.Apply(ShutdownSignal.SIGTERM) ?? ShutdownSignal.SIGTERM).ConfigureAwait(false);
        return false;
    }

    private async Task TellAsync()
    {
        // What is read here may be long past: by now it may run for the third time.
        var hasEnded = false;
        await foreach (var happened in _child.ReadEventsAsync().ConfigureAwait(false))
        {
            switch (happened)
            {
                case { State: SupervisedProcessState.Waiting, RestartIn: { } pause }:
                    hasEnded = true;
                    Output.Problem($"{happened.Process}: {happened.ExitStatus}; {(happened.Error is { } error ? $"{error.Message} " : "")}starting again in {Durations.Seconds(pause)}");
                    break;
                case { State: SupervisedProcessState.Running } when hasEnded:
                    Output.Problem($"{happened.Process} started again");
                    break;
                default:
                    break;
            }
        }
    }

    private int End(ProcessExitStatus status)
    {
        if (_settings.ExpectedCodes.Contains(status.ShellCode))
        {
            return ExitCode.Done;
        }

        // As process 1 the kernel drops it, and the shell's code is what is left.
        if (status.Signal is { } signal && Environment.ProcessId != FirstProcess && !OperatingSystem.IsWindows())
        {
            if (OperatingSystem.IsLinux())
            {
                // The core file, if there is one, is the child's.
                _ = NativeMethods.Control(NativeMethods.SetDumpable, 0, 0, 0, 0);
            }

            Signals.ExitBySignal(signal);
        }

        return status.ShellCode;
    }

    private void Say(string text)
    {
        if (_settings.IsVerbose)
        {
            Output.Problem(text);
        }
    }

    // On Windows SIGKILL stands for the end of the process; the others are not there to be forwarded.
#pragma warning disable CA1416
    private static ShutdownSignal Stop => ShutdownSignal.SIGSTOP;

    private static ShutdownSignal Kill => ShutdownSignal.SIGKILL;
#pragma warning restore CA1416
}
