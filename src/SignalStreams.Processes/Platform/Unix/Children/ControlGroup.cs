using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>A control group of a child's own.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const int WriteOnly = 1;
    private const int RemovalAttempts = 200;
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(20);
    private const int CloseOnExec = 0x80000;

    private ControlGroup(string path, int processes)
    {
        Path = path;
        Processes = processes;
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>A descriptor of its cgroup.procs, for whoever joins it; -1 once that has been closed.</summary>
    public int Processes { get; private set; }

    /// <summary>Whether somebody who lives is in it, or in a group below it.</summary>
    public bool IsPopulated
    {
        get
        {
            try
            {
                return File.ReadAllText(System.IO.Path.Combine(Path, "cgroup.events")).Contains("populated 1", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Makes one; null where that is not allowed, or it could not be killed as a whole.</summary>
    public static ControlGroup? TryMake(string path)
    {
        // Fails where there is one of that name: another launcher's, of the same id in another namespace.
        const uint OwnersOnly = 0x1ED;
        if (ChildCalls.MakeFolder(path, OwnersOnly) != 0)
        {
            return null;
        }

        try
        {
            var processes = File.Exists(System.IO.Path.Combine(path, "cgroup.kill"))
                ? ChildCalls.Open(System.IO.Path.Combine(path, "cgroup.procs"), WriteOnly | CloseOnExec)
                : -1;
            if (processes < 0)
            {
                _ = TryRemove(path);
                return null;
            }

            return new ControlGroup(path, Descriptors.MoveUp(processes));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _ = TryRemove(path);
            return null;
        }
    }

    /// <summary>Nobody else is to join.</summary>
    public void CloseProcesses()
    {
        if (Processes >= 0)
        {
            _ = LibC.Close(Processes);
            Processes = -1;
        }
    }

    /// <summary>Kills all who are in it, and in groups below it, at once.</summary>
    public bool TryKill()
    {
        try
        {
            File.WriteAllBytes(System.IO.Path.Combine(Path, "cgroup.kill"), "1"u8);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes it, and what its members have made below it, where nobody is left in it.</summary>
    public void Dispose()
    {
        CloseProcesses();
        if (!TryRemove(Path))
        {
            _ = RemoveLaterAsync(Path);
        }
    }

    /// <summary>Removes a group, and those below it.</summary>
    /// <returns>False where somebody is in it, or has been until just now.</returns>
    internal static bool TryRemove(string path)
    {
        if (ChildCalls.RemoveFolder(path) == 0 || Marshal.GetLastPInvokeError() != ChildCalls.Busy)
        {
            return true;
        }

        try
        {
            foreach (var below in Directory.GetDirectories(path))
            {
                _ = TryRemove(below);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has gone meanwhile.
        }

        return ChildCalls.RemoveFolder(path) == 0 || Marshal.GetLastPInvokeError() != ChildCalls.Busy;
    }

    // For a moment a task that has been reaped still counts.
    private static async Task RemoveLaterAsync(string path)
    {
        for (var i = 0; i < RemovalAttempts; i++)
        {
            await Task.Delay(RemovalPause, LibraryTime.Shared).OnLibrary();
            if (TryRemove(path))
            {
                return;
            }
        }
    }
}
