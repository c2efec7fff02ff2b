namespace SignalStreams;

/// <summary>How a signal is brought to a process of Windows.</summary>
internal enum WindowsSendRoute
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By GenerateConsoleCtrlEvent to a process group of our own console.</summary>
    OwnConsole,

    /// <summary>By the console helper, which attaches to the console of the process.</summary>
    ConsoleHelper,

    /// <summary>By WM_CLOSE to its windows.</summary>
    Windows,

    /// <summary>By TerminateProcess.</summary>
    Terminate,
}
