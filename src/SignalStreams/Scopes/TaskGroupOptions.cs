namespace SignalStreams;

/// <summary>How a <see cref="TaskGroup"/> works.</summary>
public sealed record TaskGroupOptions : CancelScopeOptions
{
    private static readonly TimeSpan LongestCloseTimeout = TimeSpan.FromDays(40);

    internal static new TaskGroupOptions Default { get; } = new();

    /// <summary>How many children run at a time; further ones wait for their turn.</summary>
    /// <value>From 1; null, the default, for no limit. The body of the group does not count.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxConcurrency
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(value));
            field = value;
        }
    }

    /// <summary>How long body and children may take to end once the group is cancelled.</summary>
    /// <value>Default: null, no limit; at most 40 days. Past it the group throws a <see cref="ShutdownTimeoutException"/> and waits no longer.
    /// The disposal of what the group owns comes afterwards, and is not counted. In a group for a block it begins anew with
    /// <see cref="TaskGroup.JoinAsync"/>, if nothing was running when it passed.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite, or more than 40 days.</exception>
    public TimeSpan? CloseTimeout
    {
        get;
        init
        {
            if (value is { } known && known != System.Threading.Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(known, TimeSpan.Zero, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(known, LongestCloseTimeout, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Whether a single error comes out as itself, and not in an <see cref="AggregateException"/>.</summary>
    /// <value>Default: false, so that a handler does not depend on how many children happened to fail.</value>
    public bool UnwrapSingleError { get; init; }
}
