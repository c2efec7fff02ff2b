namespace SignalStreams;

/// <summary>What the keeper tells of.</summary>
internal enum KeeperMessageKind
{
    Started = 1,
    Failed = 2,

    /// <summary>The child has ended, and is kept from being reaped until <see cref="KeeperCommand.Reap"/>.</summary>
    Exited = 3,

    /// <summary>Nobody is left, and the keeper ends too.</summary>
    Gone = 4,

    /// <summary>The child in the foreground has been stopped, and the terminal is ours again.</summary>
    Stopped = 5,
}
