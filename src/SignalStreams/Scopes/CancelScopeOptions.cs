namespace SignalStreams;

/// <summary>How a <see cref="CancelScope"/> begins.</summary>
public record CancelScopeOptions
{
    internal static CancelScopeOptions Default { get; } = new();

    /// <summary>When the scope cancels itself. The clock starts when the scope is entered.</summary>
    /// <value>Null, the default, means never; zero or less cancels at once.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether cancellation of what is around the scope is kept out.</summary>
    /// <value>Default: false.</value>
    public bool Shield { get; init; }

    /// <summary>How long the body may go on after what is around the scope was cancelled.</summary>
    /// <value>Default: zero. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever, as <see cref="Shield"/> does.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan GracePeriod
    {
        get;
        init => field = CancelScope.CheckGracePeriod(value);
    }

    /// <summary>The clock for deadlines and grace periods.</summary>
    /// <value>Default: that of the scope around it, or the system's.</value>
    public TimeProvider? TimeProvider { get; init; }
}
