namespace SignalStreams;

/// <summary>Where a child stands towards the terminal and its signals.</summary>
public enum ProcessPlace
{
    /// <summary>In a session of its own, without the terminal: Ctrl-C does not reach it.</summary>
    Session,

    /// <summary>In a process group of its own, in the session of this process.</summary>
    Group,

    /// <summary>In a process group of its own that has the terminal while it runs: Ctrl-C reaches it alone, and it can read from the terminal.</summary>
    Foreground,
}
