using System.Diagnostics;

namespace SignalStreams;

/// <summary>The calls of Windows that signals to other processes need, and nothing that decides: a test puts its own in their stead.</summary>
/// <remarks>Calls that fail return the error of the system (GetLastError) and do not throw, where not said otherwise.</remarks>
internal interface IWindowsProcessApi
{
    /// <summary>The id of this process.</summary>
    int OwnProcessId { get; }

    /// <summary>Whether this build has the program that sends console events from another console: consolesignal.c.</summary>
    bool HasConsoleHelper { get; }

    /// <summary>Whether standard output of this process is its console.</summary>
    bool HasConsoleOutput { get; }

    /// <summary>Whether standard error of this process is its console.</summary>
    bool HasConsoleError { get; }

    /// <summary>Opens a process. While the handle is held its id is given to nobody else.</summary>
    int Open(int processId, out IWindowsProcess? process);

    /// <summary>Opens the very process that another handle means.</summary>
    /// <exception cref="InvalidOperationException">There is no process behind it, or it has ended.</exception>
    int Open(Process process, out IWindowsProcess? opened);

    /// <summary>All processes that run now, each with the id of its parent, which may belong to another process by now.</summary>
    IReadOnlyList<WindowsProcessEntry> Snapshot();

    /// <summary>Who is attached to the console of this process; nobody where it has none.</summary>
    IReadOnlyList<int> ConsoleProcesses();

    /// <summary>The windows of a process, those included that only receive messages.</summary>
    IReadOnlyList<WindowsWindow> Windows(int processId);

    /// <summary>Posts WM_CLOSE.</summary>
    int PostClose(nint window);

    /// <summary>Sends an event to a process group of the console of this process (GenerateConsoleCtrlEvent).</summary>
    int SendConsoleEvent(ConsoleEvent consoleEvent, int group);

    /// <summary>Runs the program that sends an event to the console of another process.</summary>
    ConsoleHelperAnswer RunConsoleHelper(ConsoleHelperCall call);

    /// <summary>Starts a child in a job and a process group of its own.</summary>
    /// <exception cref="ProcessStartException">It could not be started.</exception>
    WindowsChild CreateChild(WindowsChildStart start);
}
