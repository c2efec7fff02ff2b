namespace SignalStreams.Tool;

/// <summary>A task while it is launched. Everything that changes is the runner's, and is touched under its lock.</summary>
internal sealed class TaskRun(LaunchTask task)
{
    public LaunchTask Task { get; } = task;

    public LaunchState State { get; set; } = LaunchState.Waiting;

    public string Detail { get; set; } = "";

    /// <summary>After how long it is started, counted from when; null when it does not wait for a time.</summary>
    public (TimeSpan Pause, long Since)? StartsIn { get; set; }

    public ILaunchedProcess? Process { get; set; }

    /// <summary>When the process that runs now was started.</summary>
    public long StartedAt { get; set; }

    public string LastLine { get; set; } = "";

    public ProcessExitStatus? ExitStatus { get; set; }

    /// <summary>When it was asked to end.</summary>
    public long? AskedAt { get; set; }

    public long? EndedAt { get; set; }

    public StopOutcome? Outcome { get; set; }

    public bool WasKilled { get; set; }

    /// <summary>The step that its stop has come to, and when it came there.</summary>
    public (StopStep Step, long At)? Step { get; set; }

    public List<(long At, ShutdownSignal Signal)> Marks { get; } = [];

    /// <summary>Completes when it has ended and is to be started again after a pause; another one from when it runs.</summary>
    public TaskCompletionSource Pause { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it runs, false when it never will.</summary>
    public TaskCompletionSource<bool> Started { get; } = New();

    /// <summary>True when it is ready, false when it never will be.</summary>
    public TaskCompletionSource<bool> Ready { get; } = New();

    /// <summary>True when it has ended with code 0, false when otherwise or never started.</summary>
    public TaskCompletionSource<bool> Completed { get; } = New();

    /// <summary>Completes when nothing of it is left to wait for.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
