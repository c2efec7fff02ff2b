namespace SignalStreams;

/// <summary>The descendants of one process, by the lists of children that the kernel keeps (/proc/N/task/N/children, proc_tid_children(5)).</summary>
/// <remarks>A look at all processes takes milliseconds where there are many, and whoever stops a thousand children looks thousands of times; this takes as
/// much as there are descendants. One whose parent ends during the look is found if it has become the root's by that: if the root is the reaper of
/// orphans below it (PR_SET_CHILD_SUBREAPER), as a keeper is. While somebody is being reaped the kernel may leave out a brother; the next look finds
/// him.</remarks>
internal static class ChildLists
{
    // Since Linux 3.17 (thread-self), where the kernel was built with them (CONFIG_PROC_CHILDREN).
    private static readonly Lazy<bool> AreThere = new(static () => OperatingSystem.IsLinux() && File.Exists("/proc/thread-self/children"));

    /// <summary>For tests: as where the kernel has none.</summary>
    internal static bool IsForbidden { get; set; }

    /// <summary>Those who descend from a process, zombies too, the process itself not among them; children before their parents.</summary>
    /// <returns>Null where it cannot be said: the kernel has no such lists, or no descriptor is to be had.</returns>
    public static List<UnixProcess>? TryFindDescendants(int root)
    {
        if (IsForbidden || !AreThere.Value)
        {
            return null;
        }

        List<UnixProcess> found = [];
        HashSet<int> members = [root];
        List<int> children = [];
        Queue<int> next = new();
        bool isNew;
        do
        {
            isNew = false;
            next.Enqueue(root);
            while (next.TryDequeue(out var parent))
            {
                children.Clear();
                if (!ProcFileTable.TryReadChildren(parent, children))
                {
                    return null;
                }

                foreach (var id in children)
                {
                    if (members.Contains(id))
                    {
                        continue;
                    }

                    if (ProcessTable.Shared.Find(id, out var process) == ProcessLookup.Unknown)
                    {
                        return null;
                    }

                    // Its id may be a stranger's by now, who has other parents.
                    if (process.Id == id && members.Contains(process.Parent))
                    {
                        members.Add(id);
                        found.Add(process);
                        next.Enqueue(id);
                        isNew = true;
                    }
                }
            }
        }
        while (isNew);

        found.Reverse();
        return found;
    }
}
