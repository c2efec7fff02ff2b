namespace SignalStreams;

/// <summary>Why exit handlers run.</summary>
public enum ExitCause
{
    /// <summary>The main function returned, or somebody called <c>Environment.Exit</c>; the runtime does not say which.</summary>
    Normal = 0,

    /// <summary>A signal.</summary>
    Signal,

    /// <summary><see cref="ShutdownManager.RequestShutdown"/>.</summary>
    Requested,

    /// <summary>Nobody caught an exception.</summary>
    UnhandledException,
}
