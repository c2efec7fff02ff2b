namespace SignalStreams;

/// <summary>Applies a <see cref="RestartPolicy"/> to one run after the other.</summary>
internal sealed class RestartSchedule(RestartPolicy policy, Func<double> random)
{
    private int _restartsInARow;

    /// <param name="hasFailed">Whether the run ended badly, or could not begin.</param>
    /// <param name="ranFor">How long it ran.</param>
    /// <returns>After how long it is started again; null when it is not.</returns>
    public TimeSpan? Next(bool hasFailed, TimeSpan ranFor)
    {
        if (policy.When == RestartWhen.Never || (policy.When == RestartWhen.OnFailure && !hasFailed))
        {
            return null;
        }

        if (ranFor >= policy.ResetAfter)
        {
            _restartsInARow = 0;
        }

        return _restartsInARow >= policy.MaxRestarts ? null : Pause(_restartsInARow++);
    }

    private TimeSpan Pause(int restartsBefore)
    {
        if (policy.Backoff == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        double longest = policy.MaxBackoff.Ticks;
        var pause = Math.Min(policy.Backoff.Ticks * Math.Pow(policy.BackoffFactor, restartsBefore), longest);
        pause *= 1 + (policy.Jitter * (random() - 0.5));

        // Mirrored and not cut: at the longest pause too, they are not to come back together.
        return TimeSpan.FromTicks((long)(pause > longest ? (2 * longest) - pause : pause));
    }
}
