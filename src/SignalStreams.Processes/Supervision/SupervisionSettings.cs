namespace SignalStreams;

/// <summary>A copy of <see cref="SupervisedProcessOptions"/>, checked: what becomes of the options later has no influence.</summary>
internal sealed record SupervisionSettings(
    string Name, StopPlan StopPlan, RestartPolicy Restart, ProcessPlace Place, LeftoverPolicy Leftovers, int MaxLineLength, bool ThrowOnFailure, TimeProvider Time)
{
    private const int LongestLine = 1 << 30;

    /// <summary>Whether a redirected standard input ends at once, since nobody could write to it.</summary>
    public bool ClosesInput { get; init; }

    public static SupervisionSettings From(SupervisedProcessOptions options, string defaultName)
    {
        const string Parameter = nameof(options);
        options.Restart.Check(Parameter);
        if (options.MaxLineLength is < 1 or > LongestLine)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(options.MaxLineLength)} is {options.MaxLineLength}; it must be from 1 to {LongestLine} bytes (1 GiB)."), Parameter);
        }

        if (options.Place is not (ProcessPlace.Session or ProcessPlace.Group or ProcessPlace.Foreground))
        {
            throw new ArgumentException($"{nameof(options.Place)} ({options.Place}) is none of Session, Group and Foreground.", Parameter);
        }

        return options.Leftovers is LeftoverPolicy.Kill or LeftoverPolicy.Keep
            ? new(
                options.Name ?? defaultName,
                options.StopPlan,
                options.Restart,
                options.Place,
                options.Leftovers,
                options.MaxLineLength,
                options.ThrowOnFailure,
                LibraryTime.For(options.TimeProvider))
            : throw new ArgumentException($"{nameof(options.Leftovers)} ({options.Leftovers}) is none of Kill and Keep.", Parameter);
    }
}
