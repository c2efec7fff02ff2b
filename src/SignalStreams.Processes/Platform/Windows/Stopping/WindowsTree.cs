namespace SignalStreams;

// What is opened goes to the members, who are disposed with the tree.
#pragma warning disable CA2000

/// <summary>The processes that a stop has found, each with a handle that keeps its id from being given to another process.</summary>
/// <remarks>The ended ones stay: their children are found by their ids. Not thread-safe.</remarks>
internal sealed class WindowsTree(IWindowsProcessApi api) : IDisposable
{
    private const int MaxRounds = 16;

    private readonly Dictionary<int, Member> _members = [];
    private HashSet<ProcessIdentity> _spared = [];

    /// <summary>Those who are passed over, though their children are not.</summary>
    public void Spare(HashSet<ProcessIdentity> spared) => _spared = spared;

    public void Add(IWindowsProcess process, int parentId, bool isOurs = true) =>
        _members.TryAdd(process.Identity.Id, new(process, parentId, isOurs));

    public bool Contains(int processId) => _members.ContainsKey(processId);

    public IWindowsProcess? Find(ProcessIdentity identity) =>
        _members.TryGetValue(identity.Id, out var member) && member.Process.Identity == identity ? member.Process : null;

    /// <summary>Finds the children of those who are known, and theirs.</summary>
    public void Grow()
    {
        // Whoever was found has perhaps had children since. Limited, since a fork bomb may be faster than this; the next look goes on.
        for (var round = 0; round < MaxRounds; round++)
        {
            var found = OpenChildren(api.Snapshot());
            if (found.Count == 0)
            {
                return;
            }

            // Between the snapshot and the opening an id may have gone over to a stranger. From now on it cannot: the handles are held.
            var parents = api.Snapshot().ToDictionary(entry => entry.Id, entry => entry.ParentId);
            foreach (var (child, parentId) in found)
            {
                if (Contains(parentId) && parents.TryGetValue(child.Identity.Id, out var parent) && parent == parentId)
                {
                    Add(child, parentId);
                }
                else
                {
                    child.Dispose();
                }
            }
        }
    }

    /// <summary>Who is alive, the youngest generation first.</summary>
    public List<ProcessIdentity> Alive() =>
        [.. Others()
            .Select(member => member.Process.Identity)
            .OrderByDescending(identity => Depth(identity.Id))
            .ThenByDescending(identity => identity.StartTime)];

    /// <summary>Completes when all who are known now have ended.</summary>
    public Task AllExited() => Task.WhenAll(Others().Select(member => member.Process.Exited));

    public void Dispose()
    {
        foreach (var member in _members.Values)
        {
            if (member.IsOurs)
            {
                member.Process.Dispose();
            }
        }

        _members.Clear();
    }

    private IEnumerable<Member> Others() => _members.Values.Where(member => !_spared.Contains(member.Process.Identity) && !member.Process.HasExited);

    private List<(IWindowsProcess Child, int ParentId)> OpenChildren(IReadOnlyList<WindowsProcessEntry> entries)
    {
        var found = new List<(IWindowsProcess Child, int ParentId)>();
        var children = entries.ToLookup(entry => entry.ParentId, entry => entry.Id);
        var parents = new Queue<ProcessIdentity>(_members.Values.Select(member => member.Process.Identity));
        var seen = new HashSet<int>(_members.Keys);
        while (parents.TryDequeue(out var parent))
        {
            foreach (var id in children[parent.Id])
            {
                if (!seen.Add(id) || api.Open(id, out var child) != WindowsError.None || child is null)
                {
                    continue;
                }

                // Older than its parent: it is the child of an earlier process that had the parent's id.
                if (child.Identity.StartTime < parent.StartTime || child.IsConsoleHost)
                {
                    child.Dispose();
                    continue;
                }

                found.Add((child, parent.Id));
                parents.Enqueue(child.Identity);
            }
        }

        return found;
    }

    private int Depth(int processId)
    {
        var depth = 0;
        while (depth <= _members.Count && _members.TryGetValue(processId, out var member))
        {
            processId = member.ParentId;
            depth++;
        }

        return depth;
    }

    private sealed record Member(IWindowsProcess Process, int ParentId, bool IsOurs);
}
