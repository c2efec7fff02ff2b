namespace SignalStreams;

// What is opened goes to the members, who are disposed with the scope.
#pragma warning disable CA2000

/// <summary>A stop of a child and of all that its job holds.</summary>
internal sealed class JobScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? process, JobChild child, IWindowsJob job)
    : WindowsStopScope(api, sender, process, $"process {child.Identity}", child)
{
    private readonly IWindowsProcessApi _api = api;
    private readonly HashSet<ProcessIdentity> _hasBeenTold = [];
    private ShutdownSignal? _told;
    private SendResult _result;

    public override bool TryKillAll() => child.TryKillAll();

    // A console event reaches all who are on the console, or in the group, of the child. It is sent once, through the eldest whom it can be sent to,
    // and what became of it holds for all; that one of them has gone to a console of his own nobody could tell.
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
        if (signal != _told || !_hasBeenTold.Add(member.Identity))
        {
            _told = signal;
            _hasBeenTold.Clear();
            _hasBeenTold.Add(member.Identity);
            _result = SendThroughConsole(sender, member, signal);
        }

        return _result;
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

    private SendResult SendThroughConsole(WindowsSender sender, IWindowsProcess member, ShutdownSignal signal)
    {
        var speaker = Living().LastOrDefault(other => sender.RouteTo(other, signal) is WindowsSendRoute.OwnConsole or WindowsSendRoute.ConsoleHelper);
        return speaker is not null
            ? sender.Send(speaker, signal, value: null, child.OwnsConsole)
            : new SendResult(SendOutcome.NotDeliverable, sender.WhyNot(member, signal, value: null));
    }
}
