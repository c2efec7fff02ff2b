namespace SignalStreams;

/// <summary>What became of a signal that was sent.</summary>
public enum SendOutcome
{
    /// <summary>The system took it.</summary>
    Sent,

    /// <summary>The process has ended, or there never was one.</summary>
    Gone,

    /// <summary>The process belongs to somebody else (EPERM of kill(2)).</summary>
    NotPermitted,

    /// <summary>This platform cannot bring this signal to that process.</summary>
    NotDeliverable,
}
