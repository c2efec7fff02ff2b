namespace SignalStreams;

/// <summary>What the lowest byte of the console helper's exit code says; the numbers are those of consolesignal.c. Those from 99 on are said by who runs it.</summary>
internal enum ConsoleHelperResult
{
    /// <summary>The event was sent.</summary>
    Sent = 0,

    /// <summary>The arguments were not understood.</summary>
    BadArguments = 1,

    /// <summary>The process has no console.</summary>
    NoConsole = 2,

    /// <summary>The process has ended.</summary>
    Gone = 3,

    /// <summary>The process belongs to somebody else.</summary>
    NotPermitted = 4,

    /// <summary>The caller is attached to the same console, and would be hit.</summary>
    CallerAttached = 5,

    /// <summary>Others are attached to the same console, and would be hit.</summary>
    OthersAttached = 6,

    /// <summary>The system refused the event.</summary>
    Refused = 7,

    /// <summary>The helper was ended before it could say anything, as by the event of another one on the same console.</summary>
    Interrupted = 99,

    /// <summary>The helper could not be started.</summary>
    NotStarted = 100,

    /// <summary>The helper could not be written to where it is started.</summary>
    NotWritten = 101,

    /// <summary>The helper did not end in time.</summary>
    NotEnded = 102,
}
