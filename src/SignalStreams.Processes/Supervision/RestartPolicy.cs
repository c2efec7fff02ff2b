namespace SignalStreams;

/// <summary>When a process that has ended is started again, and after which pause.</summary>
public sealed record RestartPolicy
{
    /// <summary>Never.</summary>
    public static RestartPolicy Never { get; } = new() { When = RestartWhen.Never };

    /// <summary>When it failed: a code other than 0, or a signal.</summary>
    public static RestartPolicy OnFailure { get; } = new() { When = RestartWhen.OnFailure };

    /// <summary>Whenever it ended.</summary>
    public static RestartPolicy Always { get; } = new() { When = RestartWhen.Always };

    /// <summary>After which ends.</summary>
    public RestartWhen When { get; init; }

    /// <summary>The pause before the first restart.</summary>
    /// <value>Not negative. Default: one second.</value>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>By what the pause grows with each restart.</summary>
    /// <value>1 or more. Default: 2.</value>
    public double BackoffFactor { get; init; } = 2;

    /// <summary>The longest pause.</summary>
    /// <value>Not shorter than <see cref="Backoff"/>. Default: one minute.</value>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much of each pause is left to chance, so that many that fail together do not come back together.</summary>
    /// <value>0 to 1. Default: 0.2, ten per cent more or less.</value>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How often it is started again before it is given up; null for no limit.</summary>
    /// <value>Default: null.</value>
    public int? MaxRestarts { get; init; }

    /// <summary>After how long a run counts as a success: pause and count begin anew.</summary>
    /// <value>Default: ten seconds.</value>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromSeconds(10);
}
