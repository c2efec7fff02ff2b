namespace SignalStreams;

/// <summary>How a <see cref="TaskGroup"/> works.</summary>
public sealed record TaskGroupOptions : CancelScopeOptions
{
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
    /// <value>Default: null, no limit. Past it the group throws a <see cref="ShutdownTimeoutException"/> and waits no longer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? CloseTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.Zero, TimeSpan.Zero, nameof(value));
            field = value;
        }
    }

    /// <summary>Whether a single error comes out as itself, and not in an <see cref="AggregateException"/>.</summary>
    /// <value>Default: false, so that a handler does not depend on how many children happened to fail.</value>
    public bool UnwrapSingleError { get; init; }
}
