namespace SignalStreams;

/// <summary>When a process that has ended is started again, and after which pause.</summary>
/// <remarks>Immutable; vary a ready one: <c>RestartPolicy.OnFailure with { MaxRestarts = 5 }</c>. Checked by <see cref="SupervisedProcess.Start(System.Diagnostics.ProcessStartInfo, SupervisedProcessOptions?)"/>.</remarks>
public sealed record RestartPolicy
{
    // What a timer can wait.
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(49);

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
    /// <value>From <see cref="Backoff"/> to 49 days. Default: one minute.</value>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much of each pause is left to chance, so that many that fail together do not come back together.</summary>
    /// <value>0 to 1. Default: 0.2, ten per cent more or less. No pause gets longer than <see cref="MaxBackoff"/>.</value>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How often it is started again before it is given up; null for no limit. A start that fails counts.</summary>
    /// <value>Not negative. Default: null.</value>
    public int? MaxRestarts { get; init; }

    /// <summary>After how long a run counts as a success: pause and count begin anew.</summary>
    /// <value>Not negative. Default: ten seconds.</value>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check(string parameter)
    {
        Require(When is RestartWhen.Never or RestartWhen.OnFailure or RestartWhen.Always, nameof(When), When, "is none of Never, OnFailure and Always", parameter);
        Require(Backoff >= TimeSpan.Zero, nameof(Backoff), Backoff, "is negative; zero starts again at once", parameter);
        Require(BackoffFactor is >= 1 and < double.PositiveInfinity, nameof(BackoffFactor), BackoffFactor, "must be 1 (equal pauses) or more, and finite", parameter);
        Require(MaxBackoff >= Backoff, nameof(MaxBackoff), MaxBackoff, $"is shorter than {nameof(Backoff)}, which is {Backoff}; set both", parameter);
        Require(MaxBackoff <= LongestPause, nameof(MaxBackoff), MaxBackoff, "is longer than 49 days", parameter);
        Require(Jitter is >= 0 and <= 1, nameof(Jitter), Jitter, "must be from 0 to 1", parameter);
        Require(MaxRestarts is null or >= 0, nameof(MaxRestarts), MaxRestarts, "is negative; null stands for no limit", parameter);
        Require(ResetAfter >= TimeSpan.Zero, nameof(ResetAfter), ResetAfter, "is negative; TimeSpan.MaxValue stands for never", parameter);
    }

    private static void Require(bool condition, string property, object? value, string problem, string parameter)
    {
        if (!condition)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(RestartPolicy)}.{property} ({value}) {problem}."), parameter);
        }
    }
}
