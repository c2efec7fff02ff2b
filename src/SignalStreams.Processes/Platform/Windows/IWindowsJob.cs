namespace SignalStreams;

/// <summary>A job object that ends all its processes when its last handle is closed, the death of this process included.</summary>
internal interface IWindowsJob : IDisposable
{
    /// <summary>Completes when the system says that the last process has ended. The system does not promise to say so.</summary>
    Task Emptied { get; }

    /// <summary>How many processes are in it now.</summary>
    int ActiveProcesses { get; }

    /// <summary>Who is in it now.</summary>
    IReadOnlyList<int> ProcessIds();

    /// <summary>Whether a process is in it.</summary>
    bool Contains(IWindowsProcess process);

    /// <summary>Ends all its processes at once (TerminateJobObject).</summary>
    /// <returns>The error of the system; 0 for none.</returns>
    int Terminate(int exitCode);
}
