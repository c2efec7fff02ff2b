namespace SignalStreams;

/// <summary>This process and those that it descends from, which no stop of ours ends.</summary>
internal static class WindowsOwnProcesses
{
    public static HashSet<ProcessIdentity> Find(IWindowsProcessApi api)
    {
        Dictionary<int, int> parents = [];
        foreach (var entry in api.Snapshot())
        {
            parents[entry.Id] = entry.ParentId;
        }

        HashSet<ProcessIdentity> own = [];
        var born = long.MaxValue;
        for (var id = api.OwnProcessId; id > 0 && IdentityOf(api, id) is { } identity; id = parents.GetValueOrDefault(id))
        {
            // Younger than its child: it is another process, which was given the id of the parent.
            if (identity.StartTime > born || !own.Add(identity))
            {
                break;
            }

            born = identity.StartTime;
        }

        return own;
    }

    private static ProcessIdentity? IdentityOf(IWindowsProcessApi api, int id)
    {
        _ = api.Open(id, out var process);
        using (process)
        {
            return process?.Identity;
        }
    }
}
