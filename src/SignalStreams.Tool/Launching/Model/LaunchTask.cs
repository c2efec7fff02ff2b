namespace SignalStreams.Tool;

/// <summary>One program of a launch, and how it is run.</summary>
internal sealed record LaunchTask
{
    public required string Name { get; init; }

    /// <summary>The path of the program, looked up.</summary>
    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public required string WorkingDirectory { get; init; }

    /// <summary>The whole environment: inherited, then the file's, then the task's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan StartDelay { get; init; }

    public RestartWhen Restart { get; init; } = RestartWhen.Never;

    public TimeSpan RestartBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is started again before it is given up; null for no limit.</summary>
    public int? MaxRestarts { get; init; }

    /// <summary>After how long a run counts as a success, and the restarts are counted anew.</summary>
    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether its end is the end of the launch.</summary>
    public bool QuitOnTerminate { get; init; }

    public IReadOnlyList<TaskDependency> DependsOn { get; init; } = [];

    /// <summary>What makes it ready; null when it is ready as soon as it runs.</summary>
    public ReadyCondition? Ready { get; init; }

    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromMinutes(1);

    public StopPlan StopPlan { get; init; } = StopPlan.Interactive;

    /// <summary>Whether what it writes is kept in files.</summary>
    public bool Log { get; init; } = true;
}
