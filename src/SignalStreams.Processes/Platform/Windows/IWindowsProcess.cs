namespace SignalStreams;

/// <summary>A handle of a process. While it is held the id of the process is given to nobody else.</summary>
internal interface IWindowsProcess : IDisposable
{
    /// <summary>Who it is.</summary>
    ProcessIdentity Identity { get; }

    /// <summary>Whether it is the system's own host of a console: a child of the program that it serves, which ends with it.</summary>
    bool IsConsoleHost { get; }

    /// <summary>Whether it has ended.</summary>
    bool HasExited { get; }

    /// <summary>The code that it ended with; null while it runs.</summary>
    int? ExitCode { get; }

    /// <summary>Completes when it has ended; never once this handle is disposed.</summary>
    Task Exited { get; }

    /// <summary>Ends it (TerminateProcess).</summary>
    /// <returns>The error of the system; 0 for none.</returns>
    int Terminate(int exitCode);
}
