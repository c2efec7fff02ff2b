using System.Diagnostics;

namespace SignalStreams.Processes.Tests.Windows;

/// <summary>A system of processes, windows and one console, as a test describes it.</summary>
internal sealed class FakeWindows : IWindowsProcessApi
{
    public const int Us = 4;

    private readonly Dictionary<int, FakeProcess> _processes = [];

    public FakeWindows() => Add(Us, 0, 10, "tests.exe");

    public int OwnProcessId => Us;

    public bool HasConsoleHelper { get; set; } = true;

    public bool HasConsoleOutput { get; set; }

    public bool HasConsoleError { get; set; }

    /// <summary>Which ids cannot be opened.</summary>
    public HashSet<int> Denied { get; } = [];

    public List<int> OnOurConsole { get; } = [Us];

    public Dictionary<int, List<WindowsWindow>> WindowsOf { get; } = [];

    /// <summary>What posting to a window gives.</summary>
    public Dictionary<nint, int> PostErrors { get; } = [];

    public int ConsoleError { get; set; }

    public ConsoleHelperAnswer HelperResult { get; set; }

    /// <summary>What was done, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Runs before each snapshot, with its number.</summary>
    public Action<int>? BeforeSnapshot { get; set; }

    public WindowsChild? NextChild { get; set; }

    public WindowsChildStart? Started { get; private set; }

    public int Snapshots { get; private set; }

    public int OpenHandles => _processes.Values.Sum(process => process.Handles);

    public FakeProcess Add(int id, int parentId, long startTime, string name = "a.exe") => _processes[id] = new(id, parentId, startTime, name);

    public int Open(int processId, out IWindowsProcess? process)
    {
        process = null;
        if (Denied.Contains(processId))
        {
            return WindowsError.AccessDenied;
        }

        // An ended process can be opened while somebody holds a handle.
        if (!_processes.TryGetValue(processId, out var found) || found is { ExitCode: not null, Handles: 0 })
        {
            return WindowsError.InvalidParameter;
        }

        process = new FakeHandle(found);
        return 0;
    }

    public int Open(Process process, out IWindowsProcess? opened) => Open(process.Id, out opened);

    public IReadOnlyList<WindowsProcessEntry> Snapshot()
    {
        BeforeSnapshot?.Invoke(Snapshots++);
        return [.. _processes.Values.Where(process => process.ExitCode is null).Select(process => new WindowsProcessEntry(process.Identity.Id, process.ParentId))];
    }

    public IReadOnlyList<int> ConsoleProcesses() => OnOurConsole;

    public IReadOnlyList<WindowsWindow> Windows(int processId) => WindowsOf.GetValueOrDefault(processId, []);

    public int PostClose(nint window)
    {
        Log.Add($"close {window}");
        return PostErrors.GetValueOrDefault(window);
    }

    public int SendConsoleEvent(ConsoleEvent consoleEvent, int group)
    {
        Log.Add($"{consoleEvent} to group {group}");
        return ConsoleError;
    }

    public ConsoleHelperAnswer RunConsoleHelper(ConsoleHelperCall call)
    {
        Log.Add($"helper {call.ToArguments()}");
        return HelperResult;
    }

    public WindowsChild CreateChild(WindowsChildStart start)
    {
        Started = start;
        return NextChild ?? throw new InvalidOperationException();
    }
}
