namespace SignalStreams;

// What is opened goes to the members, who are disposed with the scope.
#pragma warning disable CA2000

/// <summary>A stop of a child and of all that its job holds.</summary>
internal sealed class JobScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? process, JobChild child, IWindowsJob job)
    : WindowsStopScope(api, sender, process, $"process {child.Identity}", child)
{
    private readonly IWindowsProcessApi _api = api;
    private readonly HashSet<ProcessIdentity> _asked = [];
    private readonly Dictionary<ProcessIdentity, SendResult> _told = [];
    private ShutdownSignal? _signal;

    public override bool TryKillAll() => child.TryKillAll();

    // Sends nothing: it begins a round, in which the first who is sent the signal has it sent to all.
    public override IReadOnlyList<ProcessIdentity>? TrySendAll(ShutdownSignal signal)
    {
        BeginRound(signal);
        return null;
    }

    // A console event reaches all who are on the console, or in the group, of the child. It is sent once, through the eldest whom it can be sent to,
    // and what became of it holds for all who were there; that one of them has gone to a console of his own nobody could tell.
    protected override SendResult Send(WindowsSender sender, IWindowsProcess member, ShutdownSignal signal)
    {
        if (member.HasExited)
        {
            return SendOutcome.Gone;
        }

        if (sender.RouteTo(member, signal) is WindowsSendRoute.Terminate or WindowsSendRoute.Windows)
        {
            return sender.Send(member, signal, value: null);
        }

        // Whoever is sent it again begins the next round.
        if (signal != _signal || !_asked.Add(member.Identity))
        {
            BeginRound(signal);
            _asked.Add(member.Identity);
        }

        return _told.TryGetValue(member.Identity, out var result) ? result : SendThroughConsole(sender, member, signal);
    }

    protected override void Grow()
    {
        // By parents first, for the order; then by the job, which knows those as well whose parents have ended.
        Members.Grow();
        foreach (var id in job.ProcessIds())
        {
            if (Members.Contains(id) || _api.Open(id, out var member) != WindowsError.None || member is null)
            {
                continue;
            }

            // The id may have gone over to a stranger between the list and the opening; the handle tells.
            if (!member.IsConsoleHost && job.Contains(member))
            {
                Members.Add(member, parentId: child.Identity.Id);
            }
            else
            {
                member.Dispose();
            }
        }
    }

    private void BeginRound(ShutdownSignal signal)
    {
        _signal = signal;
        _asked.Clear();
        _told.Clear();
    }

    // To all who have not heard of it in this round. While one lives who has, an event goes only to a console that the newborns have to themselves: he
    // would get it twice, and take the second for an order to hurry.
    private SendResult SendThroughConsole(WindowsSender sender, IWindowsProcess member, ShutdownSignal signal)
    {
        // Whoever was born since the last look gets it too.
        _ = Look();
        var living = Living();
        var untold = living.Where(other => !_told.ContainsKey(other.Identity)).ToList();
        var isForAll = !living.Any(HasHeard);
        SendResult result;
        while (true)
        {
            var speaker = untold.FindLast(other => sender.RouteTo(other, signal) is WindowsSendRoute.OwnConsole or WindowsSendRoute.ConsoleHelper);
            result = speaker is not null
                ? sender.Send(speaker, signal, value: null, isForAll ? child.ConsoleFamily : [.. untold.Select(other => other.Identity.Id)])
                : new SendResult(SendOutcome.NotDeliverable, sender.WhyNot(member, signal, value: null));
            if (speaker is null || result.Outcome != SendOutcome.Gone)
            {
                break;
            }

            // It has ended, which says nothing of the others.
            _told[speaker.Identity] = result;
            untold.Remove(speaker);
            if (speaker == member)
            {
                return result;
            }
        }

        if (!isForAll && result is { Outcome: SendOutcome.NotDeliverable, Reason: { } reason })
        {
            result = result with { Reason = $"it was born after the event was sent, and {reason}" };
        }

        foreach (var other in untold)
        {
            _told[other.Identity] = result;
        }

        return result;
    }

    private bool HasHeard(IWindowsProcess member) => _told.TryGetValue(member.Identity, out var result) && result.Outcome == SendOutcome.Sent;
}
