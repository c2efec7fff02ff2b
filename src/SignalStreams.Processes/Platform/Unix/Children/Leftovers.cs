// Children are started this way on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Those of a child's session and process group, found by their numbers.</summary>
internal static class Leftovers
{
    private const int Rounds = 100;

    /// <summary>The living of the session and the group that a child has made, itself among them while it lives.</summary>
    /// <remarks>None when the number is another process's by now: a leader of that number that did not start when the child did.</remarks>
    public static List<UnixProcess> Find(ProcessIdentity leader)
    {
        var all = ChildTable.TryReadAll() ?? [];
        return all.Exists(entry => entry.Id == leader.Id && entry.Identity.StartTime != leader.StartTime)
            ? []
            : all.FindAll(entry => !entry.IsEnded && (entry.Session == leader.Id || entry.Group == leader.Id));
    }

    /// <summary>Kills them: stops all first, so that those who fork come to an end.</summary>
    public static void Kill(ProcessIdentity leader)
    {
        var seen = new HashSet<ProcessIdentity>();
        for (var round = 0; round < Rounds; round++)
        {
            var isNew = false;
            foreach (var entry in Find(leader))
            {
                if (seen.Add(entry.Identity))
                {
                    isNew = true;
                    _ = ChildTable.Send(entry.Identity, ShutdownSignal.SIGSTOP.GetNumber());
                }
            }

            if (!isNew)
            {
                break;
            }
        }

        foreach (var process in seen)
        {
            _ = ChildTable.Send(process, UnixCalls.KillSignal);
        }
    }
}
