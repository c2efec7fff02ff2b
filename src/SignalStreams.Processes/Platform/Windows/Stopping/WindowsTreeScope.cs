namespace SignalStreams;

/// <summary>A stop of a process and its descendants.</summary>
internal sealed class WindowsTreeScope : WindowsStopScope
{
    // A tree that still grows after so many rounds is left to the next step of the plan.
    private const int MaxRounds = 1000;

    /// <param name="api">The calls of Windows.</param>
    /// <param name="sender">What sends.</param>
    /// <param name="root">The root, which the scope disposes; null when it has ended.</param>
    /// <param name="description">For messages.</param>
    /// <param name="key">What makes two stops the same.</param>
    /// <param name="isForStop">Whether this process, and those that it descends from, are passed over.</param>
    public WindowsTreeScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? root, string description, object key, bool isForStop = true)
        : base(api, sender, root, description, key)
    {
        if (isForStop)
        {
            Members.Spare(WindowsOwnProcesses.Find(api));
        }
    }

    /// <summary>Ends whoever a look finds, until one finds nobody new.</summary>
    public override bool TryKillAll()
    {
        var ended = new HashSet<ProcessIdentity>();
        for (var round = 0; round < MaxRounds; round++)
        {
            var newcomers = Look().Where(ended.Add).ToList();
            if (newcomers.Count == 0)
            {
                return true;
            }

            foreach (var process in newcomers)
            {
                // SIGKILL stands for TerminateProcess here.
#pragma warning disable CA1416
                if (Send(process, ShutdownSignal.SIGKILL).Outcome is not (SendOutcome.Sent or SendOutcome.Gone))
                {
                    return false;
                }
#pragma warning restore CA1416
            }
        }

        return false;
    }

    protected override void Grow() => Members.Grow();
}
