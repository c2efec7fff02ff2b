namespace SignalStreams;

/// <summary>The system's table of processes, as those here use it who look for children and their descendants.</summary>
internal static class ChildTable
{
    private static readonly ProcessSender Sender = new(ProcessTable.Shared, usesDescriptors: OperatingSystem.IsLinux());

    /// <summary>Everybody, zombies too; null where there is no table to be had.</summary>
    public static List<UnixProcess>? TryReadAll()
    {
        try
        {
            return ProcessTable.Shared.ReadAll();
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A child of ours that has not been reaped, and may have ended.</summary>
    public static ProcessIdentity Identify(int pid)
    {
        _ = ProcessTable.Shared.Find(pid, out var found);
        return found.Id == pid ? found.Identity : new ProcessIdentity { Id = pid };
    }

    /// <summary>Those who descend from a process, the process itself not among them; children before their parents.</summary>
    public static List<UnixProcess> Descendants(IReadOnlyList<UnixProcess> all, int root)
    {
        var children = all.ToLookup(process => process.Parent);
        var found = new List<UnixProcess>();
        var seen = new HashSet<int> { root };
        var next = new Queue<int>([root]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (seen.Add(child.Id))
                {
                    found.Add(child);
                    next.Enqueue(child.Id);
                }
            }
        }

        found.Reverse();
        return found;
    }

    /// <summary>Sends a signal to this process, and to no later one of its id.</summary>
    public static SendOutcome Send(ProcessIdentity process, int signal) => Sender.Send(process, open: null, signal, value: null);

    /// <summary>Opens a descriptor of a process (pidfd_open(2)) that is known to be alive, or to be a child that has not been reaped.</summary>
    /// <returns>-1 where the system cannot.</returns>
    public static int Open(int pid) => OperatingSystem.IsLinux() ? Math.Max(UnixCalls.OpenProcess(pid), -1) : -1;

    /// <summary>Waits for the end of a process; where the system cannot tell, for a while.</summary>
    public static async Task WaitForEndAsync(ProcessIdentity process, TimeSpan elseAfter)
    {
#pragma warning disable CA2000 // It is disposed of below, where there is one.
        if (ProcessDescriptor.TryOpen(process, ProcessTable.Shared, limit: null, out var descriptor) == ProcessLookup.Gone)
        {
            return;
        }
#pragma warning restore CA2000

        using (descriptor)
        {
            var end = new ProcessEnd();
            var watch = descriptor?.Use(number => DescriptorWatcher.Current.TryBegin(number, end), 0) ?? 0;
            if (watch == 0)
            {
                await Task.Delay(elseAfter, LibraryTime.Shared).OnLibrary();
                return;
            }

            await end.Task.OnLibrary();
            DescriptorWatcher.Current.End(watch);
        }
    }
}
