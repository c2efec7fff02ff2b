namespace SignalStreams;

/// <summary>What an entry of a <see cref="ShutdownTimeline"/> is about.</summary>
public enum TimelineEntryKind
{
    /// <summary>A signal, or a request by the program.</summary>
    Request = 0,

    /// <summary>A token: when it was cancelled, and how long its callbacks took.</summary>
    Token,

    /// <summary>A protected block: how long it held the end.</summary>
    Block,

    /// <summary>The main function: how long it took to return.</summary>
    Main,

    /// <summary>A child of a task group, or other work that somebody tracks (<see cref="ShutdownManager.Track"/>).</summary>
    Child,

    /// <summary>A phase of the clean-up.</summary>
    Phase,

    /// <summary>An exit handler.</summary>
    Handler,
}
