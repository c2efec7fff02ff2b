namespace SignalStreams;

// What is opened goes to the members, who are disposed with the scope.
#pragma warning disable CA2000

/// <summary>A stop of a child and of all that its job holds.</summary>
internal sealed class JobScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? process, JobChild child, IWindowsJob job)
    : WindowsStopScope(api, sender, process, $"process {child.Identity}", child)
{
    private readonly IWindowsProcessApi _api = api;

    public override bool TryKillAll() => child.TryKillAll();

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
}
