using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

// Handles go to the WindowsProcess, which is the caller's; one that is invalid has nothing to dispose of.
#pragma warning disable CA2000

/// <inheritdoc/>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsProcessApi : IWindowsProcessApi
{
    private const int MaxClassName = 256;

    public int OwnProcessId => Environment.ProcessId;

    public bool HasConsoleHelper => ConsoleHelper.IsEmbedded;

    public bool HasConsoleOutput => Kernel32.IsConsole(Kernel32.GetStdHandle(Kernel32.StandardOutput));

    public bool HasConsoleError => Kernel32.IsConsole(Kernel32.GetStdHandle(Kernel32.StandardError));

    public int Open(int processId, out IWindowsProcess? process)
    {
        const uint Look = Kernel32.ProcessQueryLimitedInformation | Kernel32.Synchronize;
        process = null;
        var handle = Kernel32.OpenProcess(Look | Kernel32.ProcessTerminate, inherit: false, (uint)processId);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() == WindowsError.AccessDenied)
        {
            // Enough to know who it is and when it ends.
            handle = Kernel32.OpenProcess(Look, inherit: false, (uint)processId);
        }

        if (handle.IsInvalid)
        {
            return Marshal.GetLastPInvokeError();
        }

        // Windows ignores the two lowest bits of an id: 1235 opens 1232.
        if (Kernel32.GetProcessId(handle) != (uint)processId)
        {
            handle.Dispose();
            return WindowsError.InvalidParameter;
        }

        process = new WindowsProcess(handle, processId);
        return WindowsError.None;
    }

    public int Open(Process process, out IWindowsProcess? opened)
    {
        opened = null;
        try
        {
            // While its handle is open its id means nobody else.
            var handle = process.SafeHandle;
            var error = Open((int)Kernel32.GetProcessId(handle), out opened);
            GC.KeepAlive(process);
            return error;
        }
        catch (Win32Exception e)
        {
            return e.NativeErrorCode;
        }
    }

    public IReadOnlyList<WindowsProcessEntry> Snapshot()
    {
        var entries = new List<WindowsProcessEntry>();
        var snapshot = Kernel32.CreateToolhelp32Snapshot(Kernel32.SnapProcess, 0);
        if (snapshot == -1)
        {
            return entries;
        }

        try
        {
            var entry = new Kernel32.ProcessEntry32 { Size = (uint)sizeof(Kernel32.ProcessEntry32) };
            for (var any = Kernel32.Process32First(snapshot, &entry); any; any = Kernel32.Process32Next(snapshot, &entry))
            {
                entries.Add(new((int)entry.ProcessId, (int)entry.ParentProcessId));
            }
        }
        finally
        {
            _ = Kernel32.CloseHandle(snapshot);
        }

        return entries;
    }

    public IReadOnlyList<int> ConsoleProcesses()
    {
        for (var capacity = 64u; ;)
        {
            var ids = new uint[capacity];
            fixed (uint* pointer = ids)
            {
                // More than fit: it says how many there are, and writes none.
                var count = Kernel32.GetConsoleProcessList(pointer, capacity);
                if (count <= capacity)
                {
                    return [.. ids.Take((int)count).Select(id => (int)id)];
                }

                capacity = count * 2;
            }
        }
    }

    public IReadOnlyList<WindowsWindow> Windows(int processId)
    {
        var handles = new List<nint>();
        var search = GCHandle.Alloc(handles);
        try
        {
            _ = User32.EnumWindows(&Collect, GCHandle.ToIntPtr(search));
        }
        finally
        {
            search.Free();
        }

        var topLevel = handles.Count;
        for (var window = User32.FindWindowEx(User32.MessageOnlyParent, 0, null, null);
            window != 0;
            window = User32.FindWindowEx(User32.MessageOnlyParent, window, null, null))
        {
            handles.Add(window);
        }

        var windows = new List<WindowsWindow>();
        for (var i = 0; i < handles.Count; i++)
        {
            _ = User32.GetWindowThreadProcessId(handles[i], out var owner);
            if (owner == (uint)processId)
            {
                windows.Add(new(handles[i], ClassOf(handles[i]), IsMessageOnly: i >= topLevel, HasOwner: User32.GetWindow(handles[i], User32.Owner) != 0));
            }
        }

        return windows;
    }

    public int PostClose(nint window) => User32.PostMessage(window, User32.Close, 0, 0) ? WindowsError.None : Marshal.GetLastPInvokeError();

    public int SendConsoleEvent(ConsoleEvent consoleEvent, int group)
    {
        // Group 0 is everybody on our console, this process first.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(group);
        return Kernel32.GenerateConsoleCtrlEvent((uint)consoleEvent, (uint)group) ? WindowsError.None : Marshal.GetLastPInvokeError();
    }

    public ConsoleHelperAnswer RunConsoleHelper(ConsoleHelperCall call) => ConsoleHelper.Run(call);

    public WindowsChild CreateChild(WindowsChildStart start) => WindowsChildCreator.Create(start);

    private static string ClassOf(nint window)
    {
        var name = stackalloc char[MaxClassName];
        return new string(name, 0, User32.GetClassName(window, name, MaxClassName));
    }

    [UnmanagedCallersOnly]
    private static int Collect(nint window, nint parameter)
    {
        ((List<nint>)GCHandle.FromIntPtr(parameter).Target!).Add(window);
        return 1;
    }
}
