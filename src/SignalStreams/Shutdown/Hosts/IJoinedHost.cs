namespace SignalStreams;

/// <summary>A Generic Host whose stop is a part of the end of the process.</summary>
internal interface IJoinedHost
{
    /// <summary>How long its stop may take, from the request on.</summary>
    TimeSpan StopLimit { get; }

    /// <summary>What the parent is to see after a signal, where the program has not said.</summary>
    ExitStatusPolicy ExitStatus { get; }

    /// <summary>The manager tells the program to stop now; protected blocks have let go. Returns at once.</summary>
    void StopBecauseOf(CancelReason reason);

    /// <summary>The process is on its way out: returns when the host has stopped, if it was asked to, or its limit has passed.</summary>
    void HoldExit();
}
