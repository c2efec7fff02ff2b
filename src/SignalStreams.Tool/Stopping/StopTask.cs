namespace SignalStreams.Tool;

/// <summary>One of those that are being stopped.</summary>
internal sealed class StopTask(ProcessTargetKind kind, int id, StopPlan plan)
{
    private readonly ProcessTarget _target = Targets.Create(kind, id);
    private volatile StopStep? _step;
    private volatile StopOutcome? _outcome;
    private long _stepBegan;

    public int Id => id;

    public StopPlan Plan => plan;

    /// <summary>"process 12 (bash)", as it was called when the stop began.</summary>
    public string Target => _target.ToString();

    /// <summary>"process 12".</summary>
    public string Name { get; } = Targets.Describe(kind, id);

    /// <summary>The last thing that was done; null before the first.</summary>
    public StopStep? Step => _step;

    /// <summary>How it came out; null while it runs.</summary>
    public StopOutcome? Outcome => _outcome;

    /// <summary>Whether it was given up.</summary>
    public bool IsAborted { get; private set; }

    public bool IsOver => Outcome is not null || IsAborted;

    /// <summary>Whether no step follows the one that it is in.</summary>
    public bool IsInLastStep => Step?.Number >= plan.Steps.Count - 1;

    /// <summary>What is left of the patience of this step; null when it has no end.</summary>
    public TimeSpan? Left(TimeProvider time)
    {
        if (Step is not { Step.Patience: var patience } || patience == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        var left = patience - time.GetElapsedTime(Volatile.Read(ref _stepBegan));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public async Task StopAsync(IStopReport report, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            _outcome = await GracefulStop.StopAsync(_target, plan, new Progress(this, report, time), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            IsAborted = true;
        }

        report.Ended(this);
    }

    /// <summary>Goes to the next step at once: what a second stop of the same target means.</summary>
    public void Escalate() => _ = GracefulStop.StopAsync(_target, plan).ContinueWith(
        stop => _ = stop.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Note(StopStep step, TimeProvider time)
    {
        if (_step?.Number != step.Number)
        {
            Volatile.Write(ref _stepBegan, time.GetTimestamp());
        }

        _step = step;
    }

    // At once, and not on the pool as System.Progress, so that the lines come in the order of the steps.
    private sealed class Progress(StopTask task, IStopReport report, TimeProvider time) : IProgress<StopStep>
    {
        public void Report(StopStep value)
        {
            task.Note(value, time);
            report.Stepped(task, value);
        }
    }
}
