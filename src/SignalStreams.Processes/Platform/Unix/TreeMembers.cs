namespace SignalStreams;

/// <summary>A process and its descendants.</summary>
/// <remarks>
/// <para>Belonging to it are: whoever has been seen in it; children of those who belong; all in a session that one of them leads, since a session is
/// entered by birth only; and orphans in a process group that one of them leads. A group is entered by being put into it as well: in a pipeline of a
/// shell the first process leads the others, which are not its children. So nobody counts whose parent lives in the same session and does not belong,
/// and the group of the root counts only if nobody of that kind is in it at the first look, and the parent of the root lives.</para>
/// </remarks>
/// <param name="root">The process.</param>
/// <param name="table">Where they are looked up.</param>
/// <param name="isForStop">Whether this process and its ancestors are left out.</param>
internal sealed class TreeMembers(ProcessIdentity root, IProcessTable table, bool isForStop) : IProcessMembers
{
    private readonly HashSet<ProcessIdentity> _seen = [root];
    private readonly HashSet<int> _sessions = [];
    private readonly HashSet<int> _groups = [];
    private HashSet<int> _emptiedSessions = [];
    private HashSet<int> _emptiedGroups = [];
    private HashSet<int> _spared = [];
    private bool _isFirst = true;

    public bool NeedsFreeze { get; private set; }

    public List<ProcessIdentity> Find() => Find(table.ReadAll());

    // The kernel holds all of a group still while it signals it, so nobody in it can fork away. Who is in another is killed at the next look.
    public bool TryKillAll()
    {
        var all = table.ReadAll();
        HashSet<ProcessIdentity> members = [.. Find(all)];
        HashSet<int> groups = [];
        HashSet<int> shared = [];
        foreach (var process in all)
        {
            if (members.Contains(process.Identity))
            {
                groups.Add(process.Group);
            }
            else if (!_seen.Contains(process.Identity) || !process.IsEnded)
            {
                shared.Add(process.Group);
            }
        }

        var isKilled = false;
        foreach (var group in groups)
        {
            isKilled |= GroupMembers.CanBeSignalled(group) && !shared.Contains(group) && LibC.Kill(-group, UnixCalls.KillSignal) == 0;
        }

        return isKilled;
    }

    // A chain in which each forks its successor at once has moved on when a look at all is over. The table is in the order of ids, so its youngest is
    // read last, and stopped before it can fork.
    public bool Sweep(Func<ProcessIdentity, bool> stop)
    {
        var isStill = true;
        HashSet<int> members = [];
        table.ReadAll(process =>
        {
            if (_seen.Contains(process.Identity) || members.Contains(process.Parent) || _sessions.Contains(process.Session))
            {
                members.Add(process.Id);
                _seen.Add(process.Identity);
                if (process.IsMoving && !_spared.Contains(process.Id) && stop(process.Identity))
                {
                    isStill = false;
                }
            }
        });
        return isStill;
    }

    private List<ProcessIdentity> Find(List<UnixProcess> all)
    {
        Dictionary<int, UnixProcess> byId = new(all.Count);
        foreach (var process in all)
        {
            byId[process.Id] = process;
        }

        ForgetEmptied(all, byId);
        HashSet<int> members = [.. all.Where(process => _seen.Contains(process.Identity)).Select(process => process.Id)];
        Grow(all, byId, members);
        if (_isFirst)
        {
            _isFirst = false;
            AddGroupOfRoot(all, byId, members);
            Grow(all, byId, members);
        }

        _spared = isForStop ? OwnProcesses.Find(all) : [];
        NeedsFreeze = LosesOrphans(all, byId, members);
        List<(UnixProcess Process, int Depth)> living = [];
        Dictionary<int, int> depths = [];
        foreach (var id in members)
        {
            var process = byId[id];
            _seen.Add(process.Identity);
            if (!process.IsEnded && !_spared.Contains(id))
            {
                living.Add((process, DepthOf(id, byId, members, depths)));
            }
        }

        return [.. living.OrderByDescending(entry => entry.Depth).ThenByDescending(entry => entry.Process.Identity.StartTime)
            .ThenByDescending(entry => entry.Process.Id).Select(entry => entry.Process.Identity)];
    }

    // An id stays taken while a session or a group has it. When that has emptied it may be given away. In two looks: one may miss a chain in which each
    // forks its successor and ends.
    private void ForgetEmptied(List<UnixProcess> all, Dictionary<int, UnixProcess> byId)
    {
        HashSet<int> sessions = [.. _sessions.Where(id => !all.Exists(process => process.Session == id))];
        HashSet<int> groups = [.. _groups.Where(id => !all.Exists(process => process.Group == id))];
        _sessions.RemoveWhere(id => IsAnothers(id, byId) || (sessions.Contains(id) && _emptiedSessions.Contains(id)));
        _groups.RemoveWhere(id => IsAnothers(id, byId) || (groups.Contains(id) && _emptiedGroups.Contains(id)));
        (_emptiedSessions, _emptiedGroups) = (sessions, groups);
    }

    private bool IsAnothers(int id, Dictionary<int, UnixProcess> byId) => byId.TryGetValue(id, out var holder) && !_seen.Contains(holder.Identity);

    private void Grow(List<UnixProcess> all, Dictionary<int, UnixProcess> byId, HashSet<int> members)
    {
        foreach (var id in members)
        {
            Lead(byId[id]);
        }

        for (var isNew = true; isNew;)
        {
            isNew = false;
            foreach (var process in all)
            {
                if (!members.Contains(process.Id) && IsBornHere(process, byId, members))
                {
                    members.Add(process.Id);
                    Lead(process);
                    isNew = true;
                }
            }
        }
    }

    private bool IsBornHere(in UnixProcess process, Dictionary<int, UnixProcess> byId, HashSet<int> members) =>
        members.Contains(process.Parent)
        || _sessions.Contains(process.Session)
        || (_groups.Contains(process.Group) && IsOrphan(process, byId));

    private void Lead(in UnixProcess process)
    {
        if (process.Session == process.Id)
        {
            _sessions.Add(process.Id);
        }

        if (process.Group == process.Id && process.Id != root.Id)
        {
            _groups.Add(process.Id);
        }
    }

    private void AddGroupOfRoot(List<UnixProcess> all, Dictionary<int, UnixProcess> byId, HashSet<int> members)
    {
        if (byId.TryGetValue(root.Id, out var process) && process.Identity == root && process.Group == root.Id && !IsOrphan(process, byId)
            && !all.Exists(other => other.Group == root.Id && !members.Contains(other.Id) && !IsOrphan(other, byId)))
        {
            _groups.Add(root.Id);
        }
    }

    // Whoever is born is in the session and the group of its parent, and is found by them where one of the tree leads them. A root that leads one is
    // what a shell with job control has started, or a terminal (script(1)), who see its stop: "Stopped" would be printed, and the terminal taken back.
    private bool LosesOrphans(List<UnixProcess> all, Dictionary<int, UnixProcess> byId, HashSet<int> members)
    {
        if (byId.TryGetValue(root.Id, out var process) && process.Identity == root && !process.IsEnded)
        {
            // Without a parent where the table tells of none, and so of no children either.
            return process.Parent > 0 && !IsFoundAsOrphan(process) && !IsJob(process, all, byId, members) && !StopsWithChild(process.Parent, byId);
        }

        foreach (var id in members)
        {
            if (!byId[id].IsEnded && !_spared.Contains(id) && !IsFoundAsOrphan(byId[id]))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFoundAsOrphan(in UnixProcess process) => _sessions.Contains(process.Session) || _groups.Contains(process.Group);

    // Where they have made no terminal and no group for their child, these stop themselves when it is stopped (sudo(8), su(1), nsenter(1)), for ever.
    private static bool StopsWithChild(int id, Dictionary<int, UnixProcess> byId) =>
        byId.TryGetValue(id, out var process) && process.Identity.Name is "sudo" or "su" or "runuser" or "nsenter";

    // What is left of a pipeline, for a shell that takes it for stopped when all who are left of it are.
    private static bool IsJob(UnixProcess process, List<UnixProcess> all, Dictionary<int, UnixProcess> byId, HashSet<int> members) =>
        !IsOrphan(process, byId) && byId[process.Parent].Group != process.Group
        && !all.Exists(other => other.Group == process.Group && !other.IsEnded && !members.Contains(other.Id));

    // Whoever adopts orphans (process 1, or a subreaper) is in another session, or is process 1.
    private static bool IsOrphan(in UnixProcess process, Dictionary<int, UnixProcess> byId) =>
        process.Parent <= 1 || !byId.TryGetValue(process.Parent, out var parent) || parent.Session != process.Session;

    private static int DepthOf(int id, Dictionary<int, UnixProcess> byId, HashSet<int> members, Dictionary<int, int> depths)
    {
        // Walked and not recursed: a chain can be as long as the table.
        Stack<int> way = [];
        var depth = 0;
        for (var at = id; members.Contains(at) && !depths.TryGetValue(at, out depth) && way.Count <= members.Count; at = byId[at].Parent)
        {
            way.Push(at);
        }

        while (way.TryPop(out var next))
        {
            depths[next] = ++depth;
        }

        return depths[id];
    }
}
