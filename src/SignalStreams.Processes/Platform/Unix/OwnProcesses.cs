namespace SignalStreams;

/// <summary>This process and those that it descends from, which no stop of ours ends.</summary>
internal static class OwnProcesses
{
    public static HashSet<int> Find(List<UnixProcess> all)
    {
        Dictionary<int, int> parents = [];
        foreach (var process in all)
        {
            parents[process.Id] = process.Parent;
        }

        HashSet<int> own = [];
        for (var id = Environment.ProcessId; id > 0 && own.Add(id);)
        {
            id = parents.GetValueOrDefault(id);
        }

        return own;
    }
}
