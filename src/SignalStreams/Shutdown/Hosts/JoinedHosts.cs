namespace SignalStreams;

/// <summary>The hosts of a hub that run.</summary>
internal sealed class JoinedHosts
{
    private volatile IJoinedHost[] _hosts = [];

    public IReadOnlyList<IJoinedHost> All => _hosts;

    /// <summary>How long the longest of their stops may take; null without hosts.</summary>
    public TimeSpan? StopLimit
    {
        get
        {
            TimeSpan? longest = null;
            foreach (var host in _hosts)
            {
                var limit = host.StopLimit;
                longest = longest == Timeout.InfiniteTimeSpan || limit == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan
                    : longest is null || limit > longest ? limit
                    : longest;
            }

            return longest;
        }
    }

    /// <summary>What the first of them wants; null without hosts.</summary>
    public ExitStatusPolicy? ExitStatus => _hosts is [var first, ..] ? first.ExitStatus : null;

    public void Join(IJoinedHost host) => Change(hosts => [.. hosts, host]);

    public void Leave(IJoinedHost host) => Change(hosts => Array.FindAll(hosts, other => other != host));

    /// <summary>Waits for all of them, one after the other: they stop side by side.</summary>
    public void HoldExit()
    {
        foreach (var host in _hosts)
        {
            host.HoldExit();
        }
    }

    private void Change(Func<IJoinedHost[], IJoinedHost[]> change)
    {
        IJoinedHost[] before;
        do
        {
            before = _hosts;
        }
#pragma warning disable CS0420 // Interlocked is a stronger fence than volatile.
        while (Interlocked.CompareExchange(ref _hosts, change(before), before) != before);
#pragma warning restore CS0420
    }
}
