namespace SignalStreams;

/// <summary>A process group, told from a later one of its id by those who have been seen in it.</summary>
/// <param name="target">The group.</param>
/// <param name="table">Where they are looked up.</param>
/// <param name="isForStop">Whether this process and its ancestors are left out.</param>
internal sealed class GroupMembers(ProcessTarget target, IProcessTable table, bool isForStop) : IProcessMembers
{
    private readonly HashSet<ProcessIdentity> _seen = [target.Identity, .. target.Anchors];
    private bool _isOurs;

    private int Id => target.Identity.Id;

    public List<ProcessIdentity> Find()
    {
        var all = table.ReadAll();
        List<UnixProcess> members = [.. all.Where(process => process.Group == Id)];

        // A zombie still holds the group together.
        if (!members.Exists(member => _seen.Contains(member.Identity)))
        {
            return [];
        }

        _seen.UnionWith(members.Select(member => member.Identity));
        var spared = isForStop ? OwnProcesses.Find(all) : [];
        _isOurs = members.Exists(member => spared.Contains(member.Id));
        return [.. members.Where(member => !member.IsEnded && !spared.Contains(member.Id))
            .OrderByDescending(member => member.Identity.StartTime).ThenByDescending(member => member.Id).Select(member => member.Identity)];
    }

    // One by one, a shell whose child has been signalled first goes on to its next command, and is ended itself right then: nobody who was seen is in the
    // group any more, and whoever is might be in a later one of its id. At once, a fork(2) that has not been done is begun anew by the kernel after the
    // signal (copy_process in kernel/fork.c). Who is forked within these lines gets it once more, as a newborn.
    public List<ProcessIdentity>? TrySendAll(int signal, Func<ProcessIdentity, SendOutcome> canSend)
    {
        var members = Find();
        if (_isOurs || !CanBeSignalled(Id))
        {
            return null;
        }

        // One that lives keeps the id from being given away.
        var isHeld = false;
        foreach (var member in members)
        {
            var outcome = canSend(member);
            if (outcome is not (SendOutcome.Sent or SendOutcome.Gone))
            {
                return null;
            }

            isHeld |= outcome == SendOutcome.Sent;
        }

        return isHeld && LibC.Kill(-Id, signal) == 0 ? members : null;
    }

    // The kernel holds all of a group still while it signals it: who is being forked then does not come to life.
    public bool TryKillAll() => Find().Count > 0 && !_isOurs && CanBeSignalled(Id) && LibC.Kill(-Id, UnixCalls.KillSignal) == 0;

    /// <summary>Whether kill(2) can be given the group: it takes -1 for every process that there is.</summary>
    public static bool CanBeSignalled(int group) => group > 1;
}
