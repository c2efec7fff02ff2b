using System.Collections.Concurrent;

namespace SignalStreams;

/// <summary>The processes that this process started as leaders of a process group; Windows itself tells nobody who leads one.</summary>
internal sealed class WindowsGroupLeaders
{
    private readonly ConcurrentDictionary<ProcessIdentity, bool> _leaders = new();

    public void Add(ProcessIdentity leader) => _leaders[leader] = true;

    public void Remove(ProcessIdentity leader) => _leaders.TryRemove(leader, out _);

    public bool Contains(ProcessIdentity process) => _leaders.ContainsKey(process);
}
