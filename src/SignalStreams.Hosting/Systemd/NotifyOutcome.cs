namespace SignalStreams;

/// <summary>What became of a datagram.</summary>
internal enum NotifyOutcome
{
    /// <summary>The socket has it.</summary>
    Sent = 0,

    /// <summary>The socket has no room now.</summary>
    Full,

    /// <summary>There is nobody at the other end, or we may not speak.</summary>
    Failed,
}
